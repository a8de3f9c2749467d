package io.panal.node.engine;

import io.panal.core.api.Lookup;
import io.panal.core.api.Standing;
import io.panal.core.model.Id;
import io.panal.core.model.Service;
import io.panal.core.model.Task;
import io.panal.core.store.View;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// `/services/X/logs` and `/tasks/X/logs`: the logs of many tasks in one stream.
final class ServiceLogCalls {
    private static final Logger LOG = System.getLogger(ServiceLogCalls.class.getName());
    private static final Duration NEW_TASKS = Duration.ofMillis(500);

    private final Swarm swarm;
    private final TaskLogs logs;

    ServiceLogCalls(Swarm swarm, TaskLogs logs) {
        this.swarm = swarm;
        this.logs = logs;
    }

    void routes(Router router) {
        router.on("GET", "/services/{id}/logs", this::service).on("GET", "/tasks/{id}/logs", this::task);
    }

    private void service(Call call) throws IOException {
        View view = view();
        Service service = Lookup.service(view, call.name("id"));
        boolean terminal = service.spec()
                .taskTemplate()
                .containerSpec()
                .filter(spec -> spec.tty())
                .isPresent();
        stream(call, terminal, now -> now.tasksOf(service.id()));
    }

    private void task(Call call) throws IOException {
        View view = view();
        Task task = Lookup.task(view, call.name("id"));
        boolean terminal = view.revisions()
                .find(task.origin().revision())
                .flatMap(revision -> revision.spec().containerSpec())
                .filter(spec -> spec.tty())
                .isPresent();
        stream(call, terminal, now -> now.tasks().find(task.id()).stream().toList());
    }

    private View view() throws IOException {
        Standing standing = swarm.standing();
        if (standing.refusal().isPresent()) {
            throw new Refusal(503, standing.refusal().get());
        }
        return swarm.view();
    }

    /// Where containers' logs take any word for all of them, a service's are asked for in a number or that word.
    static void refuseTail(String tail) throws Refusal {
        if (tail.matches("-[0-9]{1,18}")) {
            throw new Refusal(400, "negative tail values not supported");
        }
        if (!tail.isEmpty() && !tail.equals("all") && !tail.matches("[0-9]{1,18}")) {
            throw new Refusal(400, "tail value must be a positive integer or \"all\"");
        }
    }

    private void stream(Call call, boolean terminal, Function<View, Collection<Task>> wanted) throws IOException {
        refuseTail(call.query().text("tail"));
        LogOptions options = LogOptions.of(call.query());
        String media = LogFrames.mediaType(terminal, call.version().isAtLeast(42));
        try (OutputStream out = call.exchange().stream(200, media)) {
            follow(new LogFrames(out, terminal), options, wanted);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
    }

    private void follow(LogFrames frames, LogOptions options, Function<View, Collection<Task>> wanted)
            throws IOException, InterruptedException {
        Set<Id<Task>> started = new HashSet<>();
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
        try {
            do {
                for (Task task : wanted.apply(swarm.view())) {
                    if (task.nodeId().isPresent() && hasContainer(task) && started.add(task.id())) {
                        readers.execute(() -> read(task, frames, options));
                    }
                }
                if (options.query().follow()) {
                    Thread.sleep(NEW_TASKS);
                }
            } while (options.query().follow());
            readers.shutdown();
            while (!readers.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.log(Level.DEBUG, "logs are still being read");
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static boolean hasContainer(Task task) {
        return task.status().containerStatus().isPresent();
    }

    private void read(Task task, LogFrames frames, LogOptions options) {
        String attributes = "com.docker.swarm.node.id=%s,com.docker.swarm.service.id=%s,com.docker.swarm.task.id=%s"
                .formatted(task.nodeId().orElseThrow(), task.serviceId(), task.id());
        try {
            logs.read(
                    task,
                    options.query(),
                    (stream, time, text) -> frames.send(stream, options.shown(time, attributes, text)));
        } catch (IOException failure) {
            LOG.log(Level.INFO, () -> "task log not read task=%s reason=%s".formatted(task.id(), failure.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
