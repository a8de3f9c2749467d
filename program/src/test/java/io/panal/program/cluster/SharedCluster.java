package io.panal.program.cluster;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests the one cluster of a run, which ends with the run.
final class SharedCluster implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Made made = context.getRoot()
                .getStore(Namespace.create(SharedCluster.class))
                .computeIfAbsent(Made.class, _ -> Made.now(), Made.class);
        return made.cluster();
    }

    /// A failure is kept too: it is told by each test, and the cluster is not tried again for each.
    private record Made(Optional<Cluster> made, Optional<Throwable> failed) implements AutoCloseable {
        static Made now() {
            try {
                return new Made(Optional.of(Cluster.make()), Optional.empty());
            } catch (IOException | RuntimeException | AssertionError failed) {
                return new Made(Optional.empty(), Optional.of(failed));
            }
        }

        Cluster cluster() {
            return made.orElseThrow(() -> new AssertionError("no cluster could be made", failed.orElseThrow()));
        }

        @Override
        public void close() {
            made.ifPresent(Cluster::close);
        }
    }
}
