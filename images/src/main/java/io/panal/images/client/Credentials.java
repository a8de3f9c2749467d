package io.panal.images.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What to show a registry that asks who is there.
public sealed interface Credentials {
    /// Nothing.
    record Anonymous() implements Credentials {}

    /// A user's name and password.
    record Password(String username, String password) implements Credentials {
        String basic() {
            byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        @Override
        public String toString() {
            return "Password[username=" + username + "]";
        }
    }

    /// A refresh token that an earlier login gave; a token server changes it into a short-lived one.
    record IdentityToken(String username, String token) implements Credentials {
        @Override
        public String toString() {
            return "IdentityToken[username=" + username + "]";
        }
    }

    /// A bearer token that is shown to the registry as it is.
    record RegistryToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "RegistryToken[]";
        }
    }

    /// No credentials.
    static Credentials anonymous() {
        return new Anonymous();
    }

    /// The credentials in the fields of docker's `X-Registry-Auth`; an absent field is empty.
    static Credentials of(String username, String password, String identityToken, String registryToken) {
        if (!registryToken.isEmpty()) {
            return new RegistryToken(registryToken);
        }
        if (!identityToken.isEmpty()) {
            return new IdentityToken(username, identityToken);
        }
        return username.isEmpty() ? anonymous() : new Password(username, password);
    }
}
