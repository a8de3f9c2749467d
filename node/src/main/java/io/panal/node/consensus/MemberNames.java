package io.panal.node.consensus;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ratis.thirdparty.io.grpc.EquivalentAddressGroup;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
import org.apache.ratis.thirdparty.io.grpc.NameResolverRegistry;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusOr;
import org.jspecify.annotations.Nullable;

/// Resolves `swarm:///MEMBER` by the address books of this process, so that a member may move.
///
/// One for the process, as gRPC's registry is; a daemon has one book, tests have several.
final class MemberNames extends NameResolverProvider {
    static final String SCHEME = "swarm";
    // Below the priority of DNS (5): otherwise this becomes the scheme of every plain address.
    private static final int PRIORITY = 4;
    private static final MemberNames INSTANCE = registered();

    private final List<AddressBook> books = new CopyOnWriteArrayList<>();
    private final List<Resolver> resolvers = new CopyOnWriteArrayList<>();

    private static MemberNames registered() {
        var names = new MemberNames();
        NameResolverRegistry.getDefaultRegistry().register(names);
        return names;
    }

    static String target(String memberId) {
        return SCHEME + ":///" + memberId;
    }

    static void use(AddressBook book) {
        INSTANCE.books.addFirst(book);
    }

    static void forget(AddressBook book) {
        INSTANCE.books.remove(book);
    }

    /// Looks every name up again, after a book has changed.
    static void refreshAll() {
        INSTANCE.resolvers.forEach(Resolver::refresh);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(InetSocketAddress.class);
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
        return SCHEME.equals(target.getScheme()) ? new Resolver(target.getPath().substring(1)) : null;
    }

    private Optional<String> address(String memberId) {
        String nodeId = Member.nodeOf(memberId);
        return books.stream().flatMap(book -> book.address(nodeId).stream()).findFirst();
    }

    static InetSocketAddress socketAddress(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        String host = hostPort.substring(0, colon);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new InetSocketAddress(bare, Integer.parseInt(hostPort.substring(colon + 1)));
    }

    private final class Resolver extends NameResolver {
        private final String memberId;
        private @Nullable Listener2 listener;

        Resolver(String memberId) {
            this.memberId = memberId;
        }

        @Override
        public String getServiceAuthority() {
            return SCHEME;
        }

        @Override
        public void start(Listener2 listener) {
            this.listener = listener;
            resolvers.add(this);
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 told = listener;
            if (told != null) {
                StatusOr<List<EquivalentAddressGroup>> answer = address(memberId)
                        .map(found -> StatusOr.fromValue(List.of(new EquivalentAddressGroup(socketAddress(found)))))
                        .orElseGet(() -> StatusOr.fromStatus(
                                Status.UNAVAILABLE.withDescription("no address is known for " + memberId)));
                told.onResult(ResolutionResult.newBuilder()
                        .setAddressesOrError(answer)
                        .build());
            }
        }

        @Override
        public void shutdown() {
            resolvers.remove(this);
        }
    }
}
