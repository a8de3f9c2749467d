package io.panal.node.work;

import static java.lang.System.Logger.Level.WARNING;

import io.panal.core.agent.Assignment;
import io.panal.core.agent.NetworkOrders;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The host's network: as it was ordered last, and tasks put on it.
///
/// What cannot be done is tried again until it can be, or is no longer wanted; a task that needs it hears why not.
final class NetworkWork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NetworkWork.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Dataplane dataplane;
    /// One thread: a task is attached after the network that was ordered before it.
    private final OneByOne thread = new OneByOne("network");

    private final AtomicReference<Optional<NetworkOrders>> ordered = new AtomicReference<>(Optional.empty());
    /// Of the thread alone.
    private NetworkOrders last = NetworkOrders.NONE;

    NetworkWork(Dataplane dataplane) {
        this.dataplane = dataplane;
    }

    /// Orders that came while others were being carried out are carried out as one: the last.
    void connect(NetworkOrders orders) {
        ordered.set(Optional.of(orders));
        thread.perform(() -> ordered.getAndSet(Optional.empty()).ifPresent(newest -> apply(newest, FIRST_PAUSE)));
    }

    private void apply(NetworkOrders orders, Duration pause) {
        last = orders;
        if (!isAsOrdered(orders)) {
            thread.performAfter(pause, () -> again(orders, pause));
        }
    }

    private boolean isAsOrdered(NetworkOrders orders) {
        try {
            return dataplane.apply(NetworkPlans.state(orders)).isEmpty();
        } catch (IOException failed) {
            LOG.log(WARNING, "network not as ordered, trying again", failed);
            return false;
        }
    }

    private void again(NetworkOrders orders, Duration pause) {
        if (last.equals(orders)) {
            apply(orders, pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause);
        }
    }

    /// @throws IOException with the reason that a user is to see
    Sandbox attach(Assignment order, String hostname) throws IOException, InterruptedException {
        return thread.await(
                () -> dataplane.attach(NetworkPlans.task(order, hostname, NetworkPlans.reachesOut(order, last))));
    }

    /// Safe to repeat.
    void detach(String task) throws IOException {
        dataplane.detach(task);
    }

    @Override
    public void close() {
        thread.close();
    }
}
