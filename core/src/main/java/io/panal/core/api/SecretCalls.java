package io.panal.core.api;

import io.panal.core.api.ApiResult.Answered;
import io.panal.core.api.ApiResult.Submit;
import io.panal.core.manager.control.Command;
import io.panal.core.model.Config;
import io.panal.core.model.Id;
import io.panal.core.model.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `/secrets` and `/configs`: alike but for who may read the data.
final class SecretCalls {
    private static final List<String> FILTERS = List.of("id", "label", "name", "names");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9-_.]{0,62}[a-zA-Z0-9])?");
    private static final int SECRET_BYTES = 512_000;
    private static final int CONFIG_BYTES = 1_024_000;

    private SecretCalls() {}

    static ApiResult secrets(Ask ask, List<String> path) {
        return switch (verb(ask, path)) {
            case LIST -> {
                Filters filters = Filters.of(ask.query(), FILTERS);
                yield Answered.json(
                        200,
                        Portraits.list(ask.view().secrets().all().stream()
                                .filter(own -> fits(
                                        own.id(), own.spec().name(), own.spec().labels(), filters))
                                .map(Portraits::secret)
                                .toList()));
            }
            case INSPECT -> Answered.json(200, Portraits.secret(Lookup.secret(ask.view(), path.get(1))));
            case CREATE -> createSecret(ask);
            case UPDATE -> updateSecret(ask, path.get(1));
            case REMOVE ->
                new Submit(
                        new Command.RemoveSecret(
                                Lookup.secret(ask.view(), path.get(1)).id()),
                        _ -> Answered.empty(204));
            case NONE -> ask.notMine();
        };
    }

    static ApiResult configs(Ask ask, List<String> path) {
        return switch (verb(ask, path)) {
            case LIST -> {
                Filters filters = Filters.of(ask.query(), FILTERS);
                yield Answered.json(
                        200,
                        Portraits.list(ask.view().configs().all().stream()
                                .filter(own -> fits(
                                        own.id(), own.spec().name(), own.spec().labels(), filters))
                                .map(Portraits::config)
                                .toList()));
            }
            case INSPECT -> Answered.json(200, Portraits.config(Lookup.config(ask.view(), path.get(1))));
            case CREATE -> createConfig(ask);
            case UPDATE -> updateConfig(ask, path.get(1));
            case REMOVE ->
                new Submit(
                        new Command.RemoveConfig(
                                Lookup.config(ask.view(), path.get(1)).id()),
                        _ -> Answered.empty(204));
            case NONE -> ask.notMine();
        };
    }

    private enum Verb {
        LIST,
        INSPECT,
        CREATE,
        UPDATE,
        REMOVE,
        NONE
    }

    private static Verb verb(Ask ask, List<String> path) {
        return switch (ask.request().method() + " " + path.size()) {
            case "GET 1" -> Verb.LIST;
            case "GET 2" -> Verb.INSPECT;
            case "POST 2" -> path.get(1).equals("create") ? Verb.CREATE : Verb.NONE;
            case "POST 3" -> path.get(2).equals("update") ? Verb.UPDATE : Verb.NONE;
            case "DELETE 2" -> Verb.REMOVE;
            default -> Verb.NONE;
        };
    }

    private static boolean fits(Id<?> id, String name, Map<String, String> labels, Filters filters) {
        return filters.prefix("id", id.value())
                && filters.prefix("name", name)
                && filters.exact("names", name)
                && filters.labels("label", labels);
    }

    private static ApiResult createSecret(Ask ask) {
        Secret.SecretSpec spec =
                Bodies.bind(Bodies.object(ask.request(), Secret.SecretSpec.class), Secret.SecretSpec.class);
        checkName(spec.name());
        int length = decodedLength(spec.data());
        if (spec.driver().isPresent() && length > 0) {
            throw ApiRefusal.invalid("secret data must be empty when a driver is specified");
        }
        if (spec.driver().isEmpty() && (length == 0 || length >= SECRET_BYTES)) {
            throw ApiRefusal.invalid(
                    "secret data must be larger than 0 and less than %d bytes".formatted(SECRET_BYTES));
        }
        var id = new Id<Secret>(ask.freshName().get());
        return new Submit(
                new Command.CreateSecret(id, spec), done -> Answered.json(201, Portraits.pair("ID", done.id())));
    }

    private static ApiResult createConfig(Ask ask) {
        Config.ConfigSpec spec =
                Bodies.bind(Bodies.object(ask.request(), Config.ConfigSpec.class), Config.ConfigSpec.class);
        checkName(spec.name());
        int length = decodedLength(spec.data());
        if (length == 0 || length >= CONFIG_BYTES) {
            throw ApiRefusal.invalid(
                    "config data must be larger than 0 and less than %d bytes".formatted(CONFIG_BYTES));
        }
        var id = new Id<Config>(ask.freshName().get());
        return new Submit(
                new Command.CreateConfig(id, spec), done -> Answered.json(201, Portraits.pair("ID", done.id())));
    }

    private static ApiResult updateSecret(Ask ask, String name) {
        Secret.SecretSpec spec =
                Bodies.bind(Bodies.object(ask.request(), Secret.SecretSpec.class), Secret.SecretSpec.class);
        long version = Bodies.version(ask.request(), "secret");
        Secret own = Lookup.secret(ask.view(), name);
        refuseOtherThanLabels(own.spec().name(), own.spec().data(), spec.name(), spec.data());
        return new Submit(new Command.UpdateSecret(own.id(), version, spec.labels()), _ -> Answered.empty(200));
    }

    private static ApiResult updateConfig(Ask ask, String name) {
        Config.ConfigSpec spec =
                Bodies.bind(Bodies.object(ask.request(), Config.ConfigSpec.class), Config.ConfigSpec.class);
        long version = Bodies.version(ask.request(), "config");
        Config own = Lookup.config(ask.view(), name);
        refuseOtherThanLabels(own.spec().name(), own.spec().data(), spec.name(), spec.data());
        return new Submit(new Command.UpdateConfig(own.id(), version, spec.labels()), _ -> Answered.empty(200));
    }

    /// Data left out counts as unchanged, since it is never shown.
    private static void refuseOtherThanLabels(String name, String data, String newName, String newData) {
        if (!name.equals(newName) || (!newData.isEmpty() && !data.equals(newData))) {
            throw ApiRefusal.invalid("only updates to Labels are allowed");
        }
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw ApiRefusal.invalid("name must be provided");
        }
        if (!NAME.matcher(name).matches()) {
            throw ApiRefusal.invalid("invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, "
                    + "and the start and end character must be [a-zA-Z0-9]");
        }
    }

    private static int decodedLength(String data) {
        try {
            return Base64.getDecoder().decode(data).length;
        } catch (IllegalArgumentException notBase64) {
            throw new ApiRefusal(400, "illegal base64 data: " + notBase64.getMessage());
        }
    }
}
