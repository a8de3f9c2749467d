package io.panal.program.lab;

import io.panal.images.client.Access;
import io.panal.images.client.Credentials;
import io.panal.images.client.RegistryClient;
import io.panal.images.debian.DebianImages;
import io.panal.images.layout.OciLayout;
import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Which nginx the lab runs: the public registry's where one answers, else Debian's own, from the lab's registry.
record NginxImage(Site site) {
    private static final int PUBLIC_SECONDS = 4;

    /// @return the image's name for `service create`
    String choose(Consumer<String> progress) throws IOException {
        if (isPublicReached()) {
            progress.accept("the public registry answers: nginx comes from there");
            return "nginx";
        }
        progress.accept(
                "no public registry answers: taking the real nginx from Debian's packages, to the lab's registry");
        String name = site.registry() + "/nginx";
        OciLayout image = DebianImages.nginx(site.cache(), progress);
        try (RegistryClient client = new RegistryClient("panal-lab")) {
            Descriptor pushed = DebianImages.push(image, reference(name), client);
            progress.accept("pushed %s@%s".formatted(name, pushed.digest()));
        }
        return name;
    }

    private static Reference reference(String name) throws IOException {
        try {
            return Reference.parse(name).taggedByDefault();
        } catch (InvalidReferenceException invalid) {
            throw new IOException(invalid.getMessage(), invalid);
        }
    }

    private static boolean isPublicReached() throws IOException {
        Callable<Boolean> asked = () -> {
            try (RegistryClient client = new RegistryClient("panal-lab")) {
                return client.repository(reference("nginx"), Credentials.anonymous(), Access.PULL)
                        .resolve("latest")
                        .isPresent();
            }
        };
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<Boolean> answer = threads.submit(asked);
            return answer.get(PUBLIC_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            threads.shutdownNow();
        }
    }
}
