package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.cli.table.Columns;
import io.panal.cli.template.Row;
import io.panal.cli.template.Template;
import io.panal.machines.Machines;
import io.panal.machines.Workers;
import io.panal.machines.model.EngineFacts;
import io.panal.machines.model.Listing;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachineState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// `machine ls`: docker-machine's table; all engines are asked at once.
final class ListCommand implements Command.Action {
    private static final String OPTIONS = """
            --filter list         Filter output based on conditions provided (driver, swarm, state, name, label)
            -f, --format string   Pretty-print machines using a Go template
            -q, --quiet           Enable quiet mode
            -t, --timeout int     Timeout in seconds, default to 10s
            """;
    private static final String KIND = "commands.HostListItem";
    private static final String TABLE = "table";
    private static final String DEFAULT_TABLE =
            "table {{.Name}}\t{{.Active}}\t{{.DriverName}}\t{{.State}}\t{{.URL}}\t{{.Swarm}}\t{{.DockerVersion}}\t{{.Error}}";
    private static final int LEAST_WIDTH = 5;
    private static final int GUTTER = 3;
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    private ListCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage("ls", "[OPTIONS]", "List machines", OPTIONS, Arity.ANY), new ListCommand());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        var filters = ListFilters.parse(arguments.all("filter"));
        var machines = Storages.open(arguments, session);
        var seconds = arguments.has("timeout") ? Integer.parseInt(arguments.text("timeout")) : DEFAULT_TIMEOUT_SECONDS;
        if (arguments.isOn("quiet") && filters.needNoListing()) {
            for (var name : machines.names()) {
                if (filters.acceptName(name)) {
                    session.out().println(name);
                }
            }
            return 0;
        }
        var listings = listings(machines, Duration.ofSeconds(Math.max(seconds, 1)));
        var shown = listings.stream().filter(filters::accept).toList();
        if (arguments.isOn("quiet")) {
            shown.forEach(listing -> session.out().println(listing.name()));
            return 0;
        }
        session.out().print(render(arguments.text("format", DEFAULT_TABLE), shown, session.variable("DOCKER_HOST")));
        return 0;
    }

    private static List<Listing> listings(Machines machines, Duration timeout) throws Failure, IOException {
        var asked = new LinkedHashMap<MachineName, Future<Listing>>();
        var listings = new ArrayList<Listing>();
        // Not closed: an engine that answers nobody must not hold up the list; its thread ends with the program.
        var threads = Workers.perTask();
        for (var name : machines.names()) {
            asked.put(name, threads.submit(() -> machines.listing(name, timeout)));
        }
        var deadline = System.nanoTime() + timeout.toNanos();
        for (var entry : asked.entrySet()) {
            try {
                listings.add(entry.getValue().get(Math.max(deadline - System.nanoTime(), 1), TimeUnit.NANOSECONDS));
            } catch (TimeoutException late) {
                entry.getValue().cancel(true);
                listings.add(unanswered(entry.getKey(), MachineState.TIMEOUT, "", timeout));
            } catch (ExecutionException failed) {
                var reason = String.valueOf(
                        failed.getCause() == null ? failed : failed.getCause().getMessage());
                listings.add(unanswered(entry.getKey(), MachineState.ERROR, reason, Duration.ZERO));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw Failure.because("interrupted");
            }
        }
        return listings;
    }

    private static Listing unanswered(MachineName name, MachineState state, String error, Duration time) {
        return new Listing(name, Optional.empty(), state, Optional.empty(), error, time);
    }

    static String render(String format, List<Listing> listings, String dockerHost) {
        var isTable = format.startsWith(TABLE);
        var wanted = format.strip().equals(TABLE) ? DEFAULT_TABLE : format;
        var text = isTable ? wanted.substring(TABLE.length()).strip() : wanted;
        var template = Template.parse(text.replace("\\t", "\t").replace("\\n", "\n"));
        var out = new StringBuilder();
        if (isTable) {
            out.append(template.renderHeader(new Row(KIND, headers()))).append('\n');
        }
        for (var listing : listings) {
            out.append(template.render(new Row(KIND, row(listing, dockerHost)))).append('\n');
        }
        return isTable ? Columns.align(out.toString(), LEAST_WIDTH, GUTTER) : out.toString();
    }

    private static Map<String, @Nullable Object> headers() {
        var headers = new LinkedHashMap<String, @Nullable Object>();
        headers.put("Name", "NAME");
        headers.put("Active", "ACTIVE");
        headers.put("ActiveHost", "ACTIVE_HOST");
        headers.put("ActiveSwarm", "ACTIVE_SWARM");
        headers.put("DriverName", "DRIVER");
        headers.put("State", "STATE");
        headers.put("URL", "URL");
        headers.put("SwarmOptions", "SWARM_OPTIONS");
        headers.put("Swarm", "SWARM");
        headers.put("EngineOptions", "ENGINE_OPTIONS");
        headers.put("Error", "ERRORS");
        headers.put("DockerVersion", "DOCKER");
        headers.put("ResponseTime", "RESPONSE");
        return headers;
    }

    private static Map<String, @Nullable Object> row(Listing listing, String dockerHost) {
        var url = listing.url().orElse("");
        var isActive = !url.isEmpty() && url.equals(dockerHost);
        var row = new LinkedHashMap<String, @Nullable Object>();
        row.put("Name", listing.name().text());
        row.put("Active", isActive ? "*" : "-");
        row.put("ActiveHost", isActive);
        row.put("ActiveSwarm", false);
        row.put("DriverName", listing.machine().isPresent() ? "local" : "not found");
        row.put("State", listing.state().text());
        row.put("URL", url);
        row.put("SwarmOptions", Map.of());
        row.put("Swarm", role(listing));
        row.put("EngineOptions", listing.machine().map(ListCommand::engine).orElse(Map.of()));
        row.put("Error", listing.error().replace("\n", " "));
        row.put(
                "DockerVersion",
                listing.engine().map(engine -> "v" + engine.version()).orElse("Unknown"));
        row.put("ResponseTime", "%.3fs".formatted(listing.responseTime().toNanos() / 1e9));
        return row;
    }

    /// docker-machine told here which classic Swarm a machine was in; now it is the part it plays in its swarm.
    static String role(Listing listing) {
        return listing.engine().map(EngineFacts::swarmRole).orElse("");
    }

    private static Map<String, Object> engine(Machine machine) {
        var engine = machine.plan().engine();
        return Map.of(
                "ArbitraryFlags", engine.flags(),
                "Env", engine.environment(),
                "InsecureRegistry", engine.insecureRegistries(),
                "Labels", engine.labels(),
                "RegistryMirror", engine.registryMirrors(),
                "StorageDriver", engine.storageDriver());
    }
}
