package io.panal.images.manifest;

import java.util.Locale;

/// What a program was built for, in Go's words: `linux`, `amd64`, `v8`.
///
/// @param variant empty where the architecture has none
public record Platform(String os, String architecture, String variant) {
    /// The machine that this program runs on.
    public static Platform here() {
        String java = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (java) {
            case "amd64", "x86_64" -> new Platform("linux", "amd64", "");
            case "aarch64", "arm64" -> new Platform("linux", "arm64", "v8");
            case "arm" -> new Platform("linux", "arm", "v7");
            default -> new Platform("linux", java, "");
        };
    }

    /// Reads `linux/arm64/v8`; what is left out is taken from `here`.
    public static Platform parse(String text, Platform here) {
        String[] parts = text.split("/", 3);
        if (parts.length == 1) {
            return new Platform(here.os, parts[0], "");
        }
        return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
    }

    /// Whether a machine of this platform can run what was built for the other.
    ///
    /// An absent variant fits any; a 32-bit arm runs what was built for an older one.
    public boolean runs(Platform built) {
        if (!os.equals(built.os) || !architecture.equals(built.architecture)) {
            return false;
        }
        boolean isOlderArm = architecture.equals("arm") && built.variant.compareTo(variant) <= 0;
        return variant.isEmpty() || built.variant.isEmpty() || variant.equals(built.variant) || isOlderArm;
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
