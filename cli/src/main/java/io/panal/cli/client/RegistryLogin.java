package io.panal.cli.client;

import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Credentials for a registry as `docker login` keeps them in the client's configuration.
public final class RegistryLogin {
    private static final String HUB = "https://index.docker.io/v1/";

    private RegistryLogin() {}

    /// The header that passes the credentials for an image's registry on; anonymous when there are none.
    public static String header(Path configuration, String image) throws IOException {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean named = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        Tree login = login(configuration, named ? first : HUB);
        byte[] json = Json.compact(login.map()).getBytes(StandardCharsets.UTF_8);
        return "X-Registry-Auth: " + Base64.getUrlEncoder().encodeToString(json) + "\r\n";
    }

    private static Tree login(Path configuration, String registry) throws IOException {
        Path file = configuration.resolve("config.json");
        Tree login = Tree.empty();
        if (!Files.exists(file)) {
            return login;
        }
        Tree kept = Tree.of(
                Tree.of(Json.read(Files.readAllBytes(file))).tree("auths").map().get(registry));
        String secret = kept.text("auth");
        if (!secret.isEmpty()) {
            String pair = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
            int colon = Math.max(0, pair.indexOf(':'));
            login.put("username", pair.substring(0, colon)).put("password", pair.substring(colon + 1));
            login.put("serveraddress", registry);
        }
        if (!kept.text("identitytoken").isEmpty()) {
            login.put("identitytoken", kept.text("identitytoken"));
        }
        return login;
    }
}
