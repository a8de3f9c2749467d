package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A service: what is wanted, what was wanted before, and what it was given.
///
/// @param revision what its tasks are to be now
/// @param endpoint ports and addresses, given by the allocator
/// @param previousSpec what `rollback` goes back to
@JsonInclude(Include.NON_EMPTY)
public record Service(
        Id<Service> id,
        Meta meta,
        ServiceSpec spec,
        Id<Revision> revision,
        Optional<ServiceSpec> previousSpec,
        @JsonInclude(Include.ALWAYS) Endpoint endpoint,
        Optional<UpdateStatus> updateStatus,
        Optional<JobStatus> jobStatus)
        implements Stored<Service> {

    /// @param now when a job's first run begins
    public static Service created(Id<Service> id, ServiceSpec spec, Id<Revision> revision, Instant now) {
        return new Service(
                id,
                Meta.UNSTAMPED,
                spec,
                revision,
                Optional.empty(),
                Endpoint.NONE,
                Optional.empty(),
                switch (spec.mode()) {
                    case ServiceSpec.Mode.Replicated _, ServiceSpec.Mode.Global _ -> Optional.empty();
                    case ServiceSpec.Mode.ReplicatedJob _, ServiceSpec.Mode.GlobalJob _ ->
                        Optional.of(new JobStatus(0, Optional.of(now)));
                });
    }

    /// A user gave a new spec; the old one is kept for a rollback and a former update is forgotten.
    public Service respecified(ServiceSpec next, Id<Revision> nextRevision) {
        return new Service(id, meta, next, nextRevision, Optional.of(spec), endpoint, Optional.empty(), jobStatus);
    }

    /// A user went back to the previous spec: the one left can be gone back to in turn.
    public Service reverted(ServiceSpec former, Id<Revision> formerRevision, UpdateStatus status) {
        return new Service(
                id, meta, former, formerRevision, Optional.of(spec), endpoint, Optional.of(status), jobStatus);
    }

    /// The updater went back to the previous spec by itself: the one that failed is not gone back to.
    public Service rolledBack(ServiceSpec former, Id<Revision> formerRevision, UpdateStatus status) {
        return new Service(
                id, meta, former, formerRevision, Optional.empty(), endpoint, Optional.of(status), jobStatus);
    }

    public Service endowed(Endpoint given) {
        return new Service(id, meta, spec, revision, previousSpec, given, updateStatus, jobStatus);
    }

    public Service updating(UpdateStatus status) {
        return new Service(id, meta, spec, revision, previousSpec, endpoint, Optional.of(status), jobStatus);
    }

    /// The job is to run again from the beginning.
    public Service iterated(JobStatus next) {
        return new Service(id, meta, spec, revision, previousSpec, endpoint, updateStatus, Optional.of(next));
    }

    @Override
    public Service stamped(Meta stamp) {
        return new Service(id, stamp, spec, revision, previousSpec, endpoint, updateStatus, jobStatus);
    }

    /// @param spec what it was given for; a difference to the service's spec means it is to be given anew
    /// @param ports with published ports filled in
    @JsonInclude(Include.NON_EMPTY)
    public record Endpoint(
            @JsonInclude(Include.ALWAYS) Optional<ServiceSpec.EndpointSpec> spec,
            List<PortConfig> ports,
            List<VirtualIp> virtualIps) {
        public static final Endpoint NONE = new Endpoint(Optional.empty(), List.of(), List.of());

        public Endpoint {
            ports = List.copyOf(ports);
            virtualIps = List.copyOf(virtualIps);
        }
    }

    /// @param addr with its prefix length; empty with dnsrr
    @JsonInclude(Include.NON_EMPTY)
    public record VirtualIp(Id<Network> networkId, String addr) {}

    @JsonInclude(Include.NON_EMPTY)
    public record UpdateStatus(
            UpdateState state, Optional<Instant> startedAt, Optional<Instant> completedAt, String message) {}

    /// How an update goes.
    public enum UpdateState {
        UPDATING,
        PAUSED,
        COMPLETED,
        ROLLBACK_STARTED,
        ROLLBACK_PAUSED,
        ROLLBACK_COMPLETED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static UpdateState of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    public record JobStatus(long jobIteration, Optional<Instant> lastExecution) {}
}
