package io.selvage.server.proxy;

/// The records of the FastCGI protocol as they are written. There is one request on a connection at a time, so all records have
/// the request id 1.
///
/// ```
/// version (1)  type (1)  request id (2)  length of the content (2)  length of the padding (1)  reserved (1)  content  padding
/// ```
final class FastCgiRecords {
    static final int VERSION = 1;
    static final int REQUEST = 1;

    static final int BEGIN_REQUEST = 1;
    static final int END_REQUEST = 3;
    static final int PARAMS = 4;
    static final int STDIN = 5;
    static final int STDOUT = 6;
    static final int STDERR = 7;

    /// The bytes in front of the content.
    static final int HEAD = 8;
    /// The most bytes of content that are sent in one record; a multiple of eight.
    static final int MOST = 0xfff8;

    private FastCgiRecords() {
    }

    /// Writes the head of a record without padding.
    static void head(byte[] into, int at, int type, int length) {
        into[at] = VERSION;
        into[at + 1] = (byte) type;
        into[at + 2] = 0;
        into[at + 3] = REQUEST;
        into[at + 4] = (byte) (length >> 8);
        into[at + 5] = (byte) length;
        into[at + 6] = 0;
        into[at + 7] = 0;
    }

    /// The head of a record.
    static byte[] head(int type, int length) {
        byte[] head = new byte[HEAD];
        head(head, 0, type, length);
        return head;
    }

    /// The record without content that ends a stream.
    static byte[] end(int type) {
        return head(type, 0);
    }
}
