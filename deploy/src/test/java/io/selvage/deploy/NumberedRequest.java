package io.selvage.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A request that nobody else sends. Its target is `/location/number/size`; it carries the hash of its body, and the body of the
/// right answer follows from the target.
///
/// A request for [#FILES] is a GET with the number 0, because a file is the same for all.
///
/// @param number     unique in this JVM
/// @param isPost     a POST with a body; otherwise a GET without
/// @param location   with a slash at both ends
/// @param bodySize   of the request, in bytes
/// @param answerSize of the answer, in bytes
record NumberedRequest(long number, boolean isPost, String location, int bodySize, int answerSize) {
    /// The location of files: `/files/0/10` and so on.
    static final String FILES = "/files/";
    private static final int[] SIZES = {10, 900, 6_000, 48_000};

    /// Every second request is a POST, at random; the sizes are random as well. They follow from the number.
    static NumberedRequest of(long number, String location) {
        var random = new SplittableRandom(number);
        boolean isFile = location.equals(FILES);
        boolean isPost = random.nextBoolean() && !isFile;
        int bodySize = isPost ? SIZES[random.nextInt(SIZES.length)] : 0;
        return new NumberedRequest(isFile ? 0 : number, isPost, location, bodySize, SIZES[random.nextInt(SIZES.length)]);
    }

    /// Creates the files of the location [#FILES].
    static void writeFiles(Path root) throws IOException {
        Path folder = Files.createDirectories(root.resolve("files/0"));
        for (int size : SIZES) {
            Files.write(folder.resolve(Integer.toString(size)), content(0, size));
        }
    }

    /// The lines that consist of the number, cut to the size.
    static byte[] content(long number, int size) {
        byte[] line = (number + "\n").getBytes(ISO_8859_1);
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = line[i % line.length];
        }
        return content;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// Head and body as they are sent.
    byte[] bytes() {
        byte[] body = content(number, bodySize);
        String head = (isPost ? "POST " : "GET ") + location + number + "/" + answerSize + " HTTP/1.1\r\nHost: example.org\r\n"
                + (isPost ? "Content-Length: " + bodySize + "\r\n" : "") + "Body-Sha256: " + sha256(body) + "\r\n\r\n";
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /// True if this is the body of the right answer.
    boolean isAnsweredBy(byte[] body) {
        return sha256(body).equals(sha256(content(number, answerSize)));
    }
}
