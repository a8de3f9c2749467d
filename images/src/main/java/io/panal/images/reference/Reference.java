package io.panal.images.reference;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of an image: registry, path, and a tag or a digest or both.
///
/// Read and completed as docker does it (`ParseNormalizedNamed` of its reference library): `nginx` is
/// `docker.io/library/nginx`, and a first part is a host when it has a dot, a colon or a capital, or is `localhost`.
///
/// @param domain host and port, `docker.io` when none was given
/// @param path such as `library/nginx`
/// @param tag none is not yet `latest`: see [#taggedByDefault]
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest) {
    /// The registry of names without a host.
    public static final String DEFAULT_DOMAIN = "docker.io";

    private static final String LEGACY_DEFAULT_DOMAIN = "index.docker.io";
    private static final String DEFAULT_HOST = "registry-1.docker.io";
    private static final String OFFICIAL = "library/";
    private static final int LONGEST_PATH = 255;

    private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String DOMAIN =
            "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?";
    private static final String PATH_PART = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
    private static final String PATH = PATH_PART + "(?:/" + PATH_PART + ")*";
    private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
    private static final String DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
    private static final Pattern REFERENCE = Pattern.compile(
            "(?<domain>" + DOMAIN + ")/(?<path>" + PATH + ")(?::(?<tag>" + TAG + "))?(?:@(?<digest>" + DIGEST + "))?");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
    private static final Pattern WHOLE_PATH = Pattern.compile(PATH);
    private static final Pattern WHOLE_TAG = Pattern.compile(TAG);

    /// Reads a name as a user writes it.
    ///
    /// @throws InvalidReferenceException with docker's text when it is none
    public static Reference parse(String text) throws InvalidReferenceException {
        if (IDENTIFIER.matcher(text).matches()) {
            throw new InvalidReferenceException(
                    "invalid repository name (%s), cannot specify 64-byte hexadecimal strings".formatted(text));
        }
        Split split = Split.of(text);
        String remote = split.remainder.contains(":")
                ? split.remainder.substring(0, split.remainder.indexOf(':'))
                : split.remainder;
        if (!remote.equals(remote.toLowerCase(Locale.ROOT))) {
            throw new InvalidReferenceException(
                    "invalid reference format: repository name (%s) must be lowercase".formatted(remote));
        }
        Matcher matcher = REFERENCE.matcher(split.domain + "/" + split.remainder);
        if (!matcher.matches()) {
            throw new InvalidReferenceException("invalid reference format");
        }
        return of(matcher);
    }

    private static Reference of(Matcher matcher) throws InvalidReferenceException {
        String path = matcher.group("path");
        if (path.length() > LONGEST_PATH) {
            throw new InvalidReferenceException("repository name must not be more than 255 characters");
        }
        String digest = matcher.group("digest");
        return new Reference(
                matcher.group("domain"),
                path,
                Optional.ofNullable(matcher.group("tag")),
                digest == null ? Optional.empty() : Optional.of(Digest.parse(digest)));
    }

    /// Whether the text is a repository's path, as the distribution specification names them.
    public static boolean isPath(String text) {
        return text.length() <= LONGEST_PATH && WHOLE_PATH.matcher(text).matches();
    }

    /// Whether the text is a tag.
    public static boolean isTag(String text) {
        return WHOLE_TAG.matcher(text).matches();
    }

    /// `docker.io/library/nginx`.
    public String name() {
        return domain + "/" + path;
    }

    /// The name as a user would write it: `nginx`.
    public String familiarName() {
        if (!domain.equals(DEFAULT_DOMAIN)) {
            return name();
        }
        String rest = path.startsWith(OFFICIAL) ? path.substring(OFFICIAL.length()) : path;
        return rest.contains("/") ? path : rest;
    }

    /// Name, tag and digest as a user would write them: `nginx:1.27`.
    public String familiar() {
        return familiarName() + suffix();
    }

    /// The host to talk to, with its port if one was given.
    public String registryHost() {
        return domain.equals(DEFAULT_DOMAIN) ? DEFAULT_HOST : domain;
    }

    /// What to ask the registry for: the digest if there is one, else the tag, else `latest`.
    public String selector() {
        return digest.map(Digest::toString).or(() -> tag).orElse("latest");
    }

    /// This name with `latest` when it has neither tag nor digest.
    public Reference taggedByDefault() {
        return tag.isPresent() || digest.isPresent() ? this : tagged("latest");
    }

    /// The same repository under a tag, and no digest.
    public Reference tagged(String other) {
        return new Reference(domain, path, Optional.of(other), Optional.empty());
    }

    /// The same name fixed to a digest; a tag stays.
    public Reference pinnedTo(Digest exact) {
        return new Reference(domain, path, tag, Optional.of(exact));
    }

    /// The repository alone.
    public Reference untagged() {
        return new Reference(domain, path, Optional.empty(), Optional.empty());
    }

    /// The full form, `docker.io/library/nginx:1.27`.
    @Override
    public String toString() {
        return name() + suffix();
    }

    private String suffix() {
        return tag.map(name -> ":" + name).orElse("")
                + digest.map(exact -> "@" + exact).orElse("");
    }

    private record Split(String domain, String remainder) {
        static Split of(String text) {
            int slash = text.indexOf('/');
            String first = slash < 0 ? "" : text.substring(0, slash);
            boolean hasHost = slash >= 0
                    && (first.contains(".")
                            || first.contains(":")
                            || first.equals("localhost")
                            || !first.equals(first.toLowerCase(Locale.ROOT)));
            String domain = hasHost ? first : DEFAULT_DOMAIN;
            String remainder = hasHost ? text.substring(slash + 1) : text;
            if (domain.equals(LEGACY_DEFAULT_DOMAIN)) {
                domain = DEFAULT_DOMAIN;
            }
            boolean isOfficial = domain.equals(DEFAULT_DOMAIN) && !remainder.contains("/");
            return new Split(domain, isOfficial ? OFFICIAL + remainder : remainder);
        }
    }
}
