package io.selvage.server.module;

import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import io.selvage.server.tls.CertificateStore;

/// Writes what an operator should know of certificates to the main error log.
record CertificateReports(LogFiles logs) implements CertificateStore.Reports {
    @Override
    public void info(String message) {
        logs.main().log(Severity.INFO, message);
    }

    @Override
    public void notice(String message) {
        logs.main().log(Severity.NOTICE, message);
    }

    @Override
    public void warn(String message) {
        logs.main().log(Severity.WARN, message);
    }

    @Override
    public void error(String message) {
        logs.main().log(Severity.ERROR, message);
    }
}
