package io.panal.node.containers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/// A view of a container's streams while it runs.
public final class Attachment implements AutoCloseable {
    private final Tracked container;
    private final OutputTap tap;

    Attachment(Tracked container) {
        this.container = container;
        this.tap = container.output.attach();
    }

    /// Hands on what the container prints from the time of attaching until its process ends, or [#close].
    public void forward(OutputReceiver receiver) throws IOException {
        tap.forward(receiver);
    }

    /// The container's input, while it runs and if its plan has one. Closing it ends the input for good.
    public Optional<OutputStream> input() {
        return container.input().map(pipe -> pipe);
    }

    /// Stops looking. The container is not disturbed.
    @Override
    public void close() {
        container.output.detach(tap);
    }
}
