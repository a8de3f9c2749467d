package io.panal.cli.shown;

/// Image references as the docker client shows them.
public final class Images {
    private Images() {}

    /// Without its digest when it has a tag, and without Docker Hub's own prefixes.
    public static String familiar(String reference) {
        int at = reference.indexOf('@');
        String name = at < 0 ? reference : reference.substring(0, at);
        boolean tagged = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
        return shortened(tagged || at < 0 ? name : reference);
    }

    /// Without its digest, whether it has a tag or not.
    public static String withoutDigest(String reference) {
        int at = reference.indexOf('@');
        return shortened(at < 0 ? reference : reference.substring(0, at));
    }

    private static String shortened(String reference) {
        String rest = reference.startsWith("docker.io/") ? reference.substring(10) : reference;
        boolean onHub = rest.length() != reference.length();
        return onHub && rest.startsWith("library/") ? rest.substring(8) : rest;
    }

    /// Whether the reference names a digest.
    public static boolean hasDigest(String reference) {
        return reference.indexOf('@') >= 0;
    }

    /// With the tag `latest` when it has neither tag nor digest.
    public static String tagged(String reference) {
        boolean named = reference.indexOf(':', reference.lastIndexOf('/') + 1) >= 0;
        return named || hasDigest(reference) ? reference : reference + ":latest";
    }
}
