package io.panal.images.client;

import java.util.Locale;

/// What a login is asked to allow.
public enum Access {
    PULL,
    PUSH,
    DELETE;

    String scope(String path) {
        String actions = this == PUSH ? "pull,push" : name().toLowerCase(Locale.ROOT);
        return "repository:" + path + ":" + actions;
    }
}
