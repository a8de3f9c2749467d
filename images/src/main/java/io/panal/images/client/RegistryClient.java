package io.panal.images.client;

import io.panal.images.client.Session.Call;
import io.panal.images.reference.Reference;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/// The client of any number of registries; one per program, it keeps connections and what it learnt of each host.
///
/// Any number of threads may call at once; each call blocks and can be interrupted.
public final class RegistryClient implements AutoCloseable {
    private final Transport transport = new Transport();
    private final String agent;

    /// @param agent the `User-Agent`, such as `panal/0.1.0`
    public RegistryClient(String agent) {
        this.agent = agent;
    }

    /// A repository under a login.
    ///
    /// @throws RegistryException with docker's text when nobody answers there
    public Repository repository(Reference name, Credentials credentials, Access access) throws IOException {
        return new Repository(
                session(name.registryHost(), credentials, List.of(access.scope(name.path()))), name.untagged());
    }

    /// A repository to push to, where blobs may be taken over from another one of the same registry.
    public Repository repository(Reference name, Reference mountedFrom, Credentials credentials) throws IOException {
        String push = Access.PUSH.scope(name.path());
        List<String> scopes = name.path().equals(mountedFrom.path())
                ? List.of(push)
                : List.of(push, Access.PULL.scope(mountedFrom.path()));
        return new Repository(session(name.registryHost(), credentials, scopes), name.untagged());
    }

    /// Asks whether a registry is there and takes the login, as `docker login` does.
    ///
    /// @param host with its port if it has one
    public void ping(String host, Credentials credentials) throws IOException {
        Endpoint endpoint = transport.endpoint(host);
        try {
            Session.expect(session(host, credentials, List.of()).send(new Call("GET", "/v2/")), 200)
                    .body()
                    .close();
        } catch (RegistryException failure) {
            String told = Transport.told(HttpRequest.newBuilder(endpoint.at("/v2/"))
                    .method("GET", BodyPublishers.noBody())
                    .build());
            throw failure.toldWith(told);
        }
    }

    /// The names of all repositories of a registry that lists them.
    public List<String> catalog(String host, Credentials credentials) throws IOException {
        return Pages.all(
                session(host, credentials, List.of("registry:catalog:*")), "/v2/_catalog?n=1000", "repositories");
    }

    private Session session(String host, Credentials credentials, List<String> scopes) throws IOException {
        Endpoint endpoint = transport.endpoint(host);
        return new Session(transport, endpoint, new Login(transport, endpoint, credentials, scopes), agent);
    }

    /// Ends all exchanges.
    @Override
    public void close() {
        transport.close();
    }
}
