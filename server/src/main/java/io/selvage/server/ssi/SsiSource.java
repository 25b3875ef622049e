package io.selvage.server.ssi;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.net.Buffers;
import io.selvage.server.route.Subrequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A page whose commands are run while it is read. Holds 16 KiB of the page, and the command that is being read.
final class SsiSource implements BodySource {
    private static final int SIZE = 16 * 1024;
    private static final int DEEPEST_STUB = 20;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Exchange exchange;
    private final SsiOptions options;
    private final BodySource page;
    private final SsiScanner scanner;
    private final SsiCommands commands;
    private final int stubs;                               // how many stubs this page lies in
    private final ByteBuffer input = ByteBuffer.allocate(SIZE).limit(0);
    private ByteBuffer output = NOTHING;                   // to be read before anything else
    private @Nullable BodySource included;                 // to be read behind it
    private @Nullable Subrequest answer;                   // whose body that is, unless it is a stub
    private String stub = "";                              // takes the place of the included body if that is empty
    private SsiScanner.@Nullable Found held;               // a command to be run when the reader may wait
    private boolean ended;

    SsiSource(Exchange exchange, SsiOptions options, BodySource page) {
        this(exchange, options, page, 0);
    }

    private SsiSource(Exchange exchange, SsiOptions options, BodySource page, int stubs) {
        this.exchange = exchange;
        this.options = options;
        this.page = page;
        this.stubs = stubs;
        this.scanner = new SsiScanner(options.mostValue());
        this.commands = new SsiCommands(exchange, options);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return read(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return read(into, false);
    }

    /// @param mayWait otherwise 0 is returned rather than to wait for anything
    private int read(ByteBuffer into, boolean mayWait) throws Failure {
        while (true) {
            if (output.hasRemaining()) {
                return Buffers.move(output, into);
            }
            if (included != null) {
                int count = mayWait ? included.read(into) : included.readNow(into);
                if (count >= 0) {
                    stub = count > 0 ? "" : stub;
                    return count;
                }
                endIncluded();
            } else if (ended) {
                return -1;
            } else if (!advance(mayWait)) {
                return 0;
            }
        }
    }

    /// Goes on in the page.
    ///
    /// @return false if that would wait and may not
    private boolean advance(boolean mayWait) throws Failure {
        SsiScanner.Found found = held == null ? scanner.next(input) : held;
        held = null;
        switch (found) {
            case SsiScanner.Plain(int count) -> plain(count);
            case SsiScanner.Held(var text) -> show(text);
            case SsiScanner.Command(var command, _) when !mayWait && command.mayWait() -> {
                held = found;
                return false;
            }
            case SsiScanner.Command(var command, var text) -> put(commands.run(command, text));
            case SsiScanner.Malformed(var problem, var text) -> put(commands.malformed(problem, text));
            case SsiScanner.NeedsInput() -> {
                return fill(mayWait);
            }
        }
        return true;
    }

    /// Passes bytes of the input on, or hides them.
    private void plain(int count) {
        ByteBuffer bytes = input.slice(input.position(), count);
        input.position(input.position() + count);
        if (commands.isShown()) {
            output = bytes;
        } else {
            commands.hide(text(bytes));
        }
    }

    private void show(String text) {
        if (commands.isShown()) {
            output = bytes(text);
        } else {
            commands.hide(text);
        }
    }

    private void put(SsiCommands.Output result) {
        switch (result) {
            case SsiCommands.Text(var text) -> output = bytes(text);
            case SsiCommands.Included(Subrequest opened, String inPlace) -> {
                answer = opened;
                included = opened.body();
                stub = inPlace;
            }
        }
    }

    private void endIncluded() {
        Subrequest ending = answer;
        closeIncluded();
        if (ending != null && !stub.isEmpty() && stubs < DEEPEST_STUB) {
            included = new SsiSource(ending.exchange(), options, BodyReader.of(Body.text(stub)), stubs + 1);
        }
        stub = "";
    }

    /// Reads a piece of the page, or its end.
    private boolean fill(boolean mayWait) throws Failure {
        input.clear();
        int count = 0;
        try {
            count = mayWait ? page.read(input) : page.readNow(input);
        } finally {
            input.flip();
        }
        if (count < 0) {
            ended = true;
            show(scanner.rest());
        }
        return count != 0;
    }

    private static ByteBuffer bytes(String text) {
        return text.isEmpty() ? NOTHING : ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public boolean hasMoreNow() {
        return output.hasRemaining() || ended && included == null && held == null || included != null && included.hasMoreNow();
    }

    @Override
    public void readAhead() {
        if (included != null) {
            included.readAhead();
        }
        page.readAhead();
    }

    private void closeIncluded() {
        if (answer != null) {
            answer.close();
            answer = null;
        }
        included = null;
    }

    @Override
    public void close() {
        closeIncluded();
        page.close();
    }
}
