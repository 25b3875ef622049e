package io.selvage.server.proxy;

import io.selvage.server.net.FreePort;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A name server on a free port of the loopback, over UDP and TCP. It knows what it was given; of other names it says that there
/// is no such name.
public final class NameServer implements AutoCloseable {
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile boolean truncating;
    private volatile boolean forged;

    public NameServer() throws IOException {
        tcp = new ServerSocket(FreePort.find(), 10, InetAddress.getLoopbackAddress());
        udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()));
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    public String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    InetSocketAddress socketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    /// Gives it the answer to a question.
    ///
    /// @param question a name and a type, `app.example A`
    /// @param answers records as in a zone file: `app.example. 60 IN A 192.0.2.1`
    public NameServer knows(String question, String... answers) {
        records.put(question, Arrays.stream(answers).map(NameServer::record).toList());
        return this;
    }

    private static Record record(String line) {
        String[] words = line.split(" ", 5);
        try {
            return Record.fromString(Name.fromString(words[0]), Type.value(words[3]), DClass.IN, Long.parseLong(words[1]),
                    words[4], Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// Makes the answer to all questions about a name an error.
    NameServer fails(String name, int code) {
        codes.put(name, code);
        return this;
    }

    /// It answers nothing.
    public NameServer silent() {
        silent = true;
        return this;
    }

    /// The next answer over UDP comes after one with the id of another question and no records.
    NameServer forged() {
        forged = true;
        return this;
    }

    /// Its answers over UDP have no records, but say that they are truncated.
    NameServer truncating() {
        truncating = true;
        return this;
    }

    /// The questions that it was asked, in order: `udp app.example A`.
    public List<String> questions() {
        return questions;
    }

    private void serveUdp() {
        byte[] bytes = new byte[512];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                udp.receive(packet);
                Message answer = answer(new Message(Arrays.copyOf(bytes, packet.getLength())), "udp");
                if (truncating) {
                    answer.removeAllRecords(Section.ANSWER);
                    answer.getHeader().setFlag(Flags.TC);
                }
                if (forged) {
                    forged = false;
                    Message other = new Message(answer.getHeader().getID() ^ 1);
                    other.getHeader().setFlag(Flags.QR);
                    other.addRecord(answer.getQuestion(), Section.QUESTION);
                    send(other, packet);
                }
                if (!silent) {
                    send(answer, packet);
                }
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void send(Message answer, DatagramPacket query) throws IOException {
        byte[] sent = answer.toWire();
        udp.send(new DatagramPacket(sent, sent.length, query.getSocketAddress()));
    }

    private void serveTcp() {
        try {
            while (true) {
                Socket client = tcp.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] sent = answer(new Message(in.readNBytes(in.readUnsignedShort())), "tcp").toWire();
                out.writeShort(sent.length);
                out.write(sent);
            }
        } catch (IOException _) {
            // The client went away.
        }
    }

    private Message answer(Message query, String over) {
        Record question = query.getQuestion();
        String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
        String asked = name + " " + Type.string(question.getType());
        questions.add(over + " " + asked);
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        List<Record> known = records.getOrDefault(asked, List.of());
        known.forEach(record -> answer.addRecord(record, Section.ANSWER));
        boolean exists = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        header.setRcode(codes.getOrDefault(name, exists ? 0 : NO_SUCH_NAME));
        return answer;
    }

    /// Ends it: its port refuses questions.
    public void stop() throws IOException {
        udp.close();
        tcp.close();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
