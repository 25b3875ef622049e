package io.selvage.server.net;

/// Predicts whether more bytes have arrived when a reader that emptied the socket reads again. A try that finds nothing costs a
/// system call; one that finds bytes saves a wait. The prediction follows the last tries, and a long run of hits is ended so that
/// other connections have their turn. Pure; belongs to the reader.
final class ReadAhead {
    /// Waits without a try behind one that found nothing.
    private static final int REST = 15;
    /// Hits without a wait between them.
    private static final int LONGEST_RUN = 16;

    private int resting;
    private int run;

    /// Whether to try before waiting.
    boolean isWorthTrying() {
        if (resting > 0) {
            resting--;
            return false;
        }
        if (run == LONGEST_RUN) {
            run = 0;
            return false;
        }
        return true;
    }

    /// Learns what a try has found.
    void tried(boolean hit) {
        if (hit) {
            run++;
        } else {
            run = 0;
            resting = REST;
        }
    }
}
