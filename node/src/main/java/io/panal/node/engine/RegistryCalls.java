package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.client.RegistryException;
import io.panal.images.manifest.Platform;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.images.transfer.Puller;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/distribution` and `/auth`: what only asks registries.
final class RegistryCalls {
    private final Puller puller;
    private final RegistryClient registries;

    RegistryCalls(RegistryClient registries) {
        this.registries = registries;
        this.puller = new Puller(registries, new NoContent());
    }

    void routes(Router router) {
        router.on("GET", "/distribution/{name...}/json", this::distribution).on("POST", "/auth", this::login);
    }

    private void distribution(Call call) throws IOException {
        Reference name = reference(call.name("name"));
        Puller.Resolved resolved;
        try {
            resolved = puller.resolve(new Puller.Order(name, credentials(call)));
        } catch (RegistryException failure) {
            throw refusal(failure);
        }
        ObjectNode node = Replies.object();
        ObjectNode descriptor = node.putObject("Descriptor");
        descriptor.put("mediaType", resolved.target().mediaType());
        descriptor.put("digest", resolved.target().digest().toString());
        descriptor.put("size", resolved.target().size());
        ArrayNode platforms = node.putArray("Platforms");
        for (Platform platform : resolved.platforms()) {
            ObjectNode one = platforms.addObject();
            one.put("architecture", platform.architecture());
            one.put("os", platform.os());
            if (!platform.variant().isEmpty()) {
                one.put("variant", platform.variant());
            }
        }
        Replies.json(call, 200, node);
    }

    private void login(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        String server = body.path("serveraddress").asString("");
        String host = server.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        boolean hub = host.isEmpty() || host.equals("index." + Reference.DEFAULT_DOMAIN);
        try {
            registries.ping(hub ? Reference.DEFAULT_DOMAIN : host, credentials(body));
        } catch (RegistryException failure) {
            throw refusal(failure);
        }
        ObjectNode node = Replies.object();
        node.put("Status", "Login Succeeded");
        node.put("IdentityToken", "");
        Replies.json(call, 200, node);
    }

    /// A registry's answer with the status docker gives it.
    static Refusal refusal(RegistryException failure) {
        return new Refusal(failure.status(), String.valueOf(failure.getMessage()));
    }

    /// @throws Refusal when it is no reference
    static Reference reference(String text) throws Refusal {
        try {
            return Reference.parse(text);
        } catch (InvalidReferenceException wrong) {
            throw new Refusal(400, String.valueOf(wrong.getMessage()));
        }
    }

    /// Of the header `X-Registry-Auth`, base 64 of JSON; one that cannot be read counts as none, as in dockerd.
    static Credentials credentials(Call call) {
        return credentials(call.exchange().header("X-Registry-Auth").orElse(""));
    }

    /// Of the text of `X-Registry-Auth`.
    public static Credentials credentials(String header) {
        if (header.isBlank()) {
            return Credentials.anonymous();
        }
        try {
            byte[] json = Base64.getUrlDecoder()
                    .decode(header.strip().replace('+', '-').replace('/', '_'));
            return credentials(Codec.JSON.parse(json));
        } catch (IllegalArgumentException | Codec.Malformed unreadable) {
            return Credentials.anonymous();
        }
    }

    private static Credentials credentials(JsonNode body) {
        return Credentials.of(
                body.path("username").asString(""),
                body.path("password").asString(""),
                body.path("identitytoken").asString(""),
                body.path("registrytoken").asString(""));
    }
}
