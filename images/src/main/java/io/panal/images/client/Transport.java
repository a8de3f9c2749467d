package io.panal.images.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// One exchange at a time over the JDK's client, with redirects, limits on silence and docker's texts for failures.
final class Transport implements AutoCloseable {
    /// A peer that is silent for so long is gone.
    static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MOST_REDIRECTS = 10;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Proxies proxies = new Proxies(System.getenv());
    // A daemon that pulls nothing needs neither a thread for each client nor the world's authorities.
    private final Lazy<SSLContext> trusting = new Lazy<>(TrustingTls::context);
    private final Lazy<HttpClient> checked = new Lazy<>(() -> builder().build());
    private final Lazy<HttpClient> unchecked =
            new Lazy<>(() -> builder().sslContext(trusting.value()).build());
    private final Dialer dialer = new Dialer(trusting, proxies);

    private HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .proxy(proxies)
                .executor(threads);
    }

    Endpoint endpoint(String host) throws IOException {
        try {
            return dialer.endpoint(host);
        } catch (InterruptedException stopped) {
            throw interrupted();
        }
    }

    /// Sends a request whose body, if any, is small.
    HttpResponse<InputStream> send(HttpRequest.Builder request, boolean isChecked) throws IOException {
        HttpRequest first = request.timeout(SILENCE).build();
        HttpRequest now = first;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = exchange(now, isChecked, new AtomicLong(Long.MAX_VALUE));
            URI elsewhere = redirect(response).orElse(null);
            if (elsewhere == null) {
                return response;
            }
            response.body().close();
            now = redirected(first, now.uri().resolve(elsewhere));
        }
        throw RegistryException.refused("%s: stopped after %d redirects".formatted(told(first), MOST_REDIRECTS));
    }

    /// Sends a request with a large body; `beat` holds the nanosecond time at which its source was last read.
    HttpResponse<InputStream> upload(HttpRequest request, boolean isChecked, AtomicLong beat) throws IOException {
        return exchange(request, isChecked, beat);
    }

    private HttpResponse<InputStream> exchange(HttpRequest request, boolean isChecked, AtomicLong beat)
            throws IOException {
        HttpClient client = (isChecked ? checked : unchecked).value();
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(request, head -> new TimedBody(SILENCE));
        while (true) {
            try {
                return answer.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException waiting) {
                boolean isSilent = System.nanoTime() - beat.get() > SILENCE.toNanos() && beat.get() != Long.MAX_VALUE;
                if (isSilent) {
                    answer.cancel(true);
                    throw RegistryException.unreachable(told(request) + ": i/o timeout");
                }
            } catch (ExecutionException failure) {
                throw failed(request, Objects.requireNonNullElse(failure.getCause(), failure));
            } catch (InterruptedException stopped) {
                answer.cancel(true);
                throw interrupted();
            }
        }
    }

    private static Optional<URI> redirect(HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 ->
                response.headers().firstValue("Location").map(URI::create);
            default -> Optional.empty();
        };
    }

    /// A login belongs to the host that asked for it: it does not follow to another one.
    private static HttpRequest redirected(HttpRequest first, URI to) {
        boolean isSameHost = first.uri().getAuthority().equals(to.getAuthority())
                && first.uri().getScheme().equals(to.getScheme());
        return HttpRequest.newBuilder(first, (name, value) -> isSameHost || !name.equalsIgnoreCase("Authorization"))
                .uri(to)
                .build();
    }

    private IOException failed(HttpRequest request, Throwable cause) {
        dialer.forget(request.uri().getAuthority());
        String reason = switch (cause) {
            case HttpConnectTimeoutException _ -> "dial tcp %s: i/o timeout".formatted(authority(request));
            case HttpTimeoutException _ -> "net/http: timeout awaiting response headers";
            case ConnectException refused -> "dial tcp %s: %s".formatted(authority(request), Dialer.reason(refused));
            case SSLException unsafe -> "tls: failed to verify certificate: " + unsafe.getMessage();
            case IOException broken ->
                broken.getMessage() == null || broken.getMessage().contains("EOF") ? "EOF" : broken.getMessage();
            default -> throw new IllegalStateException(told(request), cause);
        };
        RegistryException failure = RegistryException.unreachable(told(request) + ": " + reason);
        failure.initCause(cause);
        return failure;
    }

    private static String authority(HttpRequest request) {
        URI uri = request.uri();
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        return uri.getHost() + ":" + port;
    }

    /// `Get "http://host/path"`, as Go's client begins every failure.
    static String told(HttpRequest request) {
        String method = request.method();
        return method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT) + " \"" + request.uri() + "\"";
    }

    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("context canceled");
    }

    @Override
    public void close() {
        checked.made().ifPresent(HttpClient::shutdownNow);
        unchecked.made().ifPresent(HttpClient::shutdownNow);
        threads.shutdownNow();
    }
}
