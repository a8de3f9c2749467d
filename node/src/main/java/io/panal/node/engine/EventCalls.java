package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.node.http.Call;
import io.panal.node.http.Exchange;
import io.panal.node.http.Router;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/events`.
final class EventCalls {
    private static final List<String> FILTERS = List.of(
            "config",
            "container",
            "daemon",
            "event",
            "image",
            "label",
            "network",
            "node",
            "plugin",
            "scope",
            "secret",
            "service",
            "type",
            "volume");
    private static final List<String> TYPES =
            List.of("config", "container", "image", "network", "node", "secret", "service", "volume");
    private static final long LOOK_UP_MILLIS = 1000;

    private final EventFeed feed;
    private final Clock clock;

    EventCalls(EventFeed feed, Clock clock) {
        this.feed = feed;
        this.clock = clock;
    }

    void routes(Router router) {
        router.on("GET", "/events", this::events);
    }

    private void events(Call call) throws IOException {
        Filters filters = Filters.of(call.query(), FILTERS);
        Instant since = Times.parse(call.query().text("since")).orElse(clock.instant());
        Optional<Instant> until = Times.parse(call.query().text("until"));
        try (EventFeed.Listener listener = feed.listen(since);
                OutputStream out = call.exchange().stream(200, Exchange.JSON)) {
            pass(listener, filters, until, out);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
    }

    private void pass(EventFeed.Listener listener, Filters filters, Optional<Instant> until, OutputStream out)
            throws IOException, InterruptedException {
        while (!listener.isBehind()) {
            EngineEvent event = listener.next(LOOK_UP_MILLIS);
            boolean over = until.filter(end -> clock.instant().isAfter(end)).isPresent();
            if (event == null && over) {
                return;
            }
            if (event != null && until.filter(event.at()::isAfter).isPresent()) {
                return;
            }
            if (event != null && fits(event, filters)) {
                out.write(event.line());
                out.flush();
            }
        }
    }

    private static boolean fits(EngineEvent event, Filters filters) {
        return filters.exact("type", event.type())
                && filters.exact("scope", event.scope())
                && action(event, filters)
                && filters.labels("label", event.attributes())
                && TYPES.stream().allMatch(type -> called(type, event, filters));
    }

    private static boolean action(EngineEvent event, Filters filters) {
        String word = event.action().split(":", 2)[0];
        return filters.exact("event", event.action()) || filters.exact("event", word);
    }

    /// `--filter service=web`: by the actor's id or its name.
    private static boolean called(String type, EngineEvent event, Filters filters) {
        if (filters.all(type).isEmpty()) {
            return true;
        }
        String image = event.attributes().getOrDefault("image", "");
        boolean ofType = event.type().equals(type)
                || (type.equals("image") && event.type().equals("container"));
        return ofType
                && (filters.prefix(type, event.id())
                        || filters.exact(type, event.attributes().getOrDefault("name", event.id()))
                        || (type.equals("image") && filters.exact(type, image)));
    }
}
