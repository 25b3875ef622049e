package io.selvage.server.tls;

import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/// A factory of a key manager that is there already.
final class SingleKeyManagerFactory extends KeyManagerFactory {

    SingleKeyManagerFactory(KeyManager manager) {
        super(new Spi(manager), new SelvageProvider(), "selvage");
    }

    private static final class SelvageProvider extends java.security.Provider {
        private static final long serialVersionUID = 1;

        SelvageProvider() {
            super("selvage", "1", "key managers of Selvage");
        }
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final KeyManager manager;

        Spi(KeyManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(@Nullable KeyStore keys, char @Nullable [] password) {
            // Nothing to read.
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {
            // Nothing to read.
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }
}
