package io.panal.images.client;

import io.panal.images.reference.Reference;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A registry said no, or could not be asked; the message is docker's.
public final class RegistryException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /// Why, as far as a caller acts on it.
    public enum Kind {
        /// The manifest, the blob or the repository is not there.
        MISSING,
        /// Who asks may not.
        DENIED,
        /// Nobody answered, or not in time, or with a fault of its own: asking again may help.
        UNREACHABLE,
        /// The request or the answer makes no sense; asking again does not help.
        REFUSED
    }

    private final Kind kind;
    private final String code;

    RegistryException(Kind kind, String code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    /// What could not be made sense of.
    public static RegistryException refused(String message) {
        return new RegistryException(Kind.REFUSED, "", message);
    }

    /// What is not there.
    public static RegistryException missing(String message) {
        return new RegistryException(Kind.MISSING, "", message);
    }

    static RegistryException unreachable(String message) {
        return new RegistryException(Kind.UNREACHABLE, "", message);
    }

    /// Why, as far as a caller acts on it.
    public Kind kind() {
        return kind;
    }

    /// Whether the registry holds another part of an upload than the sender thought.
    boolean isOutOfStep() {
        return code.equals("BLOB_UPLOAD_INVALID") || code.equals("RANGE_INVALID");
    }

    /// The status that docker's Engine API answers with.
    public int status() {
        return switch (kind) {
            case MISSING -> 404;
            case DENIED -> code.equals("DENIED") ? 404 : 401;
            case UNREACHABLE, REFUSED -> 500;
        };
    }

    /// The same failure with the words that `docker pull` puts before it.
    public RegistryException whenPulling(Reference reference) {
        String before = switch (code) {
            case "MANIFEST_UNKNOWN" -> "manifest for %s not found: ".formatted(reference.familiar());
            case "NAME_UNKNOWN" -> "repository %s not found: ".formatted(reference.familiarName());
            case "DENIED" ->
                "pull access denied for %s, repository does not exist or may require 'docker login': "
                        .formatted(reference.familiarName());
            default -> "";
        };
        RegistryException told = new RegistryException(kind, code, before + getMessage());
        told.initCause(this);
        return told;
    }

    /// The same failure after the request that met it, unless it says so already.
    RegistryException toldWith(String request) {
        if (String.valueOf(getMessage()).startsWith(request)) {
            return this;
        }
        RegistryException told = new RegistryException(kind, code, request + ": " + getMessage());
        told.initCause(this);
        return told;
    }

    /// Reads a registry's answer that is no success.
    ///
    /// @param isOutOfScope the registry said `insufficient_scope`, which docker calls denied
    static RegistryException of(int status, byte[] body, boolean isOutOfScope) {
        if (status == 401 && isOutOfScope) {
            return new RegistryException(Kind.DENIED, "DENIED", "denied: requested access to the resource is denied");
        }
        Optional<RegistryException> told = errors(body).stream()
                .findFirst()
                .map(error -> of(status, error.path("code").asString("UNKNOWN"), said(error)));
        return told.orElseGet(() -> switch (status) {
            case 401 -> of(status, "UNAUTHORIZED", "authentication required");
            case 403 -> of(status, "DENIED", "requested access to the resource is denied");
            case 404 -> of(status, "NOT_FOUND", "the registry answered 404 Not Found");
            case 429 -> of(status, "TOOMANYREQUESTS", "too many requests");
            default ->
                new RegistryException(
                        status >= 500 ? Kind.UNREACHABLE : Kind.REFUSED,
                        "",
                        "received unexpected HTTP status: " + status + detail(body));
        });
    }

    private static RegistryException of(int status, String code, String message) {
        Kind kind = switch (code) {
            case "MANIFEST_UNKNOWN", "NAME_UNKNOWN", "BLOB_UNKNOWN", "NOT_FOUND" -> Kind.MISSING;
            case "DENIED", "UNAUTHORIZED" -> Kind.DENIED;
            default -> status >= 500 || status == 429 ? Kind.UNREACHABLE : Kind.REFUSED;
        };
        return new RegistryException(kind, code, code.toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + message);
    }

    private static String said(JsonNode error) {
        String message = error.path("message").asString("");
        return message.isEmpty() ? "no reason given" : message;
    }

    private static List<JsonNode> errors(byte[] body) {
        try {
            return List.copyOf(JsonMapper.shared()
                    .readTree(body)
                    .path("errors")
                    .valueStream()
                    .toList());
        } catch (JacksonException notJson) {
            return List.of();
        }
    }

    /// Token servers answer `{"details": "incorrect username or password"}`.
    private static String detail(byte[] body) {
        try {
            String details = JsonMapper.shared().readTree(body).path("details").asString("");
            return details.isEmpty() ? "" : ": " + details;
        } catch (JacksonException notJson) {
            return "";
        }
    }
}
