package io.panal.images.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who we are towards one registry for one scope: nothing until it asks, then a password or a token.
final class Login {
    private static final int LARGEST_TOKEN = 1 << 20;
    private static final String CLIENT = "panal";

    private final Transport transport;
    private final Endpoint endpoint;
    private final Credentials credentials;
    private final List<String> scopes;
    private volatile Optional<String> header;

    /// @param scopes such as `repository:library/nginx:pull`; none for the registry as a whole
    Login(Transport transport, Endpoint endpoint, Credentials credentials, List<String> scopes) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.scopes = List.copyOf(scopes);
        this.header = credentials instanceof Credentials.RegistryToken(String token)
                ? Optional.of("Bearer " + token)
                : Optional.empty();
    }

    /// The `Authorization` to send now.
    Optional<String> header() {
        return header;
    }

    /// Meets what a 401 asks for.
    ///
    /// @param refused the `Authorization` that was sent and not taken
    /// @return whether it is worth asking again
    /// @throws RegistryException when there is nothing to show, or the token server says no
    boolean answer(List<Challenge> challenges, Optional<String> refused) throws IOException {
        synchronized (this) {
            if (!header.equals(refused)) {
                return true;
            }
            for (Challenge challenge : challenges) {
                Optional<String> met = meet(challenge);
                if (met.isPresent() && !met.equals(refused)) {
                    header = met;
                    return true;
                }
            }
            return false;
        }
    }

    private Optional<String> meet(Challenge challenge) throws IOException {
        return switch (challenge.scheme()) {
            case "bearer" -> Optional.of("Bearer " + token(challenge));
            case "basic" -> Optional.of(basic());
            default -> Optional.empty();
        };
    }

    private String basic() throws RegistryException {
        if (credentials instanceof Credentials.Password password) {
            return password.basic();
        }
        throw new RegistryException(RegistryException.Kind.DENIED, "UNAUTHORIZED", "no basic auth credentials");
    }

    private String token(Challenge challenge) throws IOException {
        URI realm = realm(challenge);
        boolean isChecked = realm.getScheme().equals("https")
                && transport.endpoint(realm.getAuthority()).isChecked();
        HttpResponse<InputStream> response = transport.send(question(realm, challenge), isChecked);
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LARGEST_TOKEN);
            if (response.statusCode() == 401 || response.statusCode() == 403) {
                throw new RegistryException(
                        RegistryException.Kind.DENIED, "UNAUTHORIZED", "unauthorized: incorrect username or password");
            }
            if (response.statusCode() != 200) {
                throw RegistryException.of(response.statusCode(), bytes, false);
            }
            return read(bytes);
        }
    }

    private URI realm(Challenge challenge) throws RegistryException {
        URI realm = endpoint.base().resolve(challenge.parameter("realm"));
        boolean isWeb = "https".equals(realm.getScheme()) || "http".equals(realm.getScheme());
        // A registry with a certificate must not make us send a password in the clear.
        boolean isWeaker = endpoint.isChecked() && !"https".equals(realm.getScheme());
        if (!isWeb || isWeaker || realm.getHost() == null) {
            throw RegistryException.refused(
                    "the registry names a token server that is not safe to ask: " + challenge.parameter("realm"));
        }
        return realm;
    }

    private HttpRequest.Builder question(URI realm, Challenge challenge) {
        String service = challenge.parameter("service");
        if (credentials instanceof Credentials.IdentityToken(String _, String token)) {
            String form = form(Map.of(
                            "grant_type", "refresh_token",
                            "refresh_token", token,
                            "service", service,
                            "client_id", CLIENT))
                    + "&scope=" + encoded(String.join(" ", scopes));
            return HttpRequest.newBuilder(realm)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form));
        }
        String scope = scopes.stream().map(one -> "&scope=" + encoded(one)).collect(Collectors.joining());
        String query = "service=" + encoded(service) + scope;
        if (credentials instanceof Credentials.Password password) {
            query = "account=" + encoded(password.username()) + "&" + query;
            return get(realm, query).header("Authorization", password.basic());
        }
        return get(realm, query);
    }

    private static HttpRequest.Builder get(URI realm, String query) {
        String joint = realm.getRawQuery() == null ? "?" : "&";
        return HttpRequest.newBuilder(URI.create(realm + joint + query)).GET();
    }

    private static String read(byte[] bytes) throws RegistryException {
        try {
            JsonNode json = JsonMapper.shared().readTree(bytes);
            String token = json.path("token").asString("");
            String either = token.isEmpty() ? json.path("access_token").asString("") : token;
            if (!either.isEmpty()) {
                return either;
            }
        } catch (JacksonException notJson) {
            throw RegistryException.refused("the token server's answer is not JSON: " + notJson.getOriginalMessage());
        }
        throw RegistryException.refused("authorization server did not include a token in the response");
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .sorted()
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
