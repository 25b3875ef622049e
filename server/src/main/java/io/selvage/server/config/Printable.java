package io.selvage.server.config;

import java.util.List;

/// A setting that is written as the arguments of one line.
public interface Printable {
    List<String> words();
}
