package io.selvage.server.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/// The blocks of a text in PEM (RFC 7468), which may stand among other text.
///
/// @param blocks in their order
record PemText(List<PemObject> blocks) {
    private static final int DER_SEQUENCE = 0x30;

    /// @throws TlsFileException for a damaged block, or a file that is not text in PEM
    static PemText read(byte[] bytes) throws TlsFileException {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException | DecoderException | IllegalArgumentException e) {
            throw new TlsFileException("block " + (blocks.size() + 1) + " of the PEM text is damaged: " + e.getMessage(), e);
        }
        if (blocks.isEmpty()) {
            throw new TlsFileException(bytes.length == 0 ? "the file is empty"
                    : bytes[0] == DER_SEQUENCE ? "it is in DER, not in PEM"
                    : "there is no PEM text (\"-----BEGIN ...-----\") in it");
        }
        return new PemText(List.copyOf(blocks));
    }

    /// The blocks of some types.
    List<PemObject> ofTypes(Set<String> types) {
        return blocks.stream().filter(block -> types.contains(block.getType())).toList();
    }

    /// What is in the text, for messages.
    String types() {
        return String.join(", ", blocks.stream().map(PemObject::getType).distinct().toList());
    }
}
