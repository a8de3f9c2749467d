package io.panal.node.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OneByOneTest {
    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void piecesAreDoneInTheirOrder() throws Exception {
        try (OneByOne work = new OneByOne("test")) {
            work.perform(() -> done.add("first"));
            work.perform(() -> done.add("second"));

            assertThat(work.await(() -> List.copyOf(done))).containsExactly("first", "second");
        }
    }

    @Test
    void aPieceThatIsToBeDoneAgainAtTheEndIsDroppedInPeace() throws Exception {
        OneByOne work = new OneByOne("test");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        work.perform(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                try {
                    work.performAfter(Duration.ZERO, () -> done.add("again"));
                    work.perform(() -> done.add("again"));
                } catch (RuntimeException failed) {
                    thrown.set(failed);
                }
                tried.countDown();
            }
        });
        begun.await();

        work.close();
        tried.await();

        assertThat(thrown.get()).isNull();
        assertThat(done).isEmpty();
    }

    @Test
    void whoWaitsForAPieceThatIsNotDoneAnyMoreIsToldSo() throws Exception {
        OneByOne work = new OneByOne("test");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        work.perform(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        Thread.ofVirtual().start(() -> {
            try {
                boolean _ = work.await(() -> done.add("never"));
            } catch (IOException refused) {
                refusal.set(refused);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            told.countDown();
        });

        work.close();
        told.await();

        assertThat(refusal.get()).hasMessage("this node is shutting down");
        assertThatThrownBy(() -> work.await(() -> done.add("late"))).hasMessage("this node is shutting down");
        assertThat(done).isEmpty();
    }
}
