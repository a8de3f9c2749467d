package io.panal.images.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Exchanges with one registry under one login.
final class Session {
    private static final int LARGEST_ERROR = 64 << 10;

    private final Transport transport;
    private final Endpoint endpoint;
    private final Login login;
    private final String agent;

    Session(Transport transport, Endpoint endpoint, Login login, String agent) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.login = login;
        this.agent = agent;
    }

    /// A request to the registry.
    ///
    /// @param pathAndQuery from the root, or a whole URL that the registry gave
    record Call(String method, String pathAndQuery, Map<String, String> headers) {
        Call {
            headers = Map.copyOf(headers);
        }

        Call(String method, String pathAndQuery) {
            this(method, pathAndQuery, Map.of());
        }
    }

    /// A large body that can be had again.
    interface Body {
        BodyPublisher open() throws IOException;
    }

    HttpResponse<InputStream> send(Call call) throws IOException {
        return send(call, new byte[0]);
    }

    HttpResponse<InputStream> send(Call call, byte[] body) throws IOException {
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        return authorized(
                call, request -> transport.send(request.method(call.method(), publisher), endpoint.isChecked()));
    }

    /// Sends a large body; `beat` tells when it was last read.
    HttpResponse<InputStream> upload(Call call, Body body, AtomicLong beat) throws IOException {
        return authorized(call, request -> {
            beat.set(System.nanoTime());
            return transport.upload(request.method(call.method(), body.open()).build(), endpoint.isChecked(), beat);
        });
    }

    private interface Exchange {
        HttpResponse<InputStream> with(HttpRequest.Builder request) throws IOException;
    }

    private HttpResponse<InputStream> authorized(Call call, Exchange exchange) throws IOException {
        Optional<String> shown = login.header();
        HttpResponse<InputStream> response = exchange.with(request(call, shown));
        if (response.statusCode() != 401) {
            return response;
        }
        List<Challenge> challenges = Challenge.parse(response.headers().allValues("WWW-Authenticate"));
        if (!asksAgain(call, challenges, shown)) {
            return response;
        }
        response.body().close();
        return exchange.with(request(call, login.header()));
    }

    private boolean asksAgain(Call call, List<Challenge> challenges, Optional<String> shown) throws IOException {
        try {
            return login.answer(challenges, shown);
        } catch (RegistryException failure) {
            String told = Transport.told(request(call, Optional.empty())
                    .method(call.method(), BodyPublishers.noBody())
                    .build());
            throw failure.toldWith(told);
        }
    }

    private HttpRequest.Builder request(Call call, Optional<String> authorization) {
        URI url = endpoint.at(call.pathAndQuery());
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("User-Agent", agent);
        call.headers().forEach(request::header);
        // An upload's address may lie on another host, which the login is not for.
        boolean isOurs = url.getAuthority().equals(endpoint.base().getAuthority());
        authorization.filter(_ -> isOurs).ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    /// The failure that an answer tells; reads and closes its body.
    static RegistryException failure(HttpResponse<InputStream> response) throws IOException {
        boolean isOutOfScope = Challenge.parse(response.headers().allValues("WWW-Authenticate")).stream()
                .anyMatch(Challenge::isOutOfScope);
        try (InputStream body = response.body()) {
            return RegistryException.of(response.statusCode(), body.readNBytes(LARGEST_ERROR), isOutOfScope);
        }
    }

    /// Passes a success on, with its body still to be read.
    static HttpResponse<InputStream> expect(HttpResponse<InputStream> response, Integer... statuses)
            throws IOException {
        if (List.of(statuses).contains(response.statusCode())) {
            return response;
        }
        throw failure(response);
    }
}
