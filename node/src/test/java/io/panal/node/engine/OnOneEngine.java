package io.panal.node.engine;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Tests that share one engine, of a host in no swarm, for all of their class.
abstract class OnOneEngine {
    static EngineHost host;

    @BeforeAll
    static void open() throws Exception {
        host = new EngineHost(new Alone(), (_, _, _) -> {});
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
    }
}
