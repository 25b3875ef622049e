package io.selvage.server.module;

import java.util.Optional;

/// The name and the version of the product.
public final class ProductVersion {
    public static final String PRODUCT = "selvage";
    /// From the jar; a build that was never packed has none.
    public static final String NUMBER =
            Optional.ofNullable(ProductVersion.class.getPackage().getImplementationVersion()).orElse("dev");

    private ProductVersion() {
    }
}
