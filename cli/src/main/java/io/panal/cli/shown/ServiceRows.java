package io.panal.cli.shown;

import io.panal.cli.json.Tree;
import io.panal.cli.table.Listing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The list of services that `service ls` and `stack services` print.
public final class ServiceRows {
    private static final Listing LISTING = new Listing(
            "*service.serviceContext",
            "table {{.ID}}\t{{.Name}}\t{{.Mode}}\t{{.Replicas}}\t{{.Image}}\t{{.Ports}}",
            Map.of(
                    "ID", "ID",
                    "Name", "NAME",
                    "Mode", "MODE",
                    "Replicas", "REPLICAS",
                    "Image", "IMAGE",
                    "Ports", "PORTS"));

    private ServiceRows() {}

    public static String render(String format, List<Tree> services) {
        List<Tree> sorted = new ArrayList<>(services);
        sorted.sort((one, other) -> Text.NATURAL.compare(one.text("Spec.Name"), other.text("Spec.Name")));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree service : sorted) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("ID", Text.shortId(service.text("ID")));
            row.put("Name", service.text("Spec.Name"));
            row.put("Mode", mode(service.tree("Spec.Mode")));
            row.put("Replicas", replicas(service));
            row.put("Image", Images.familiar(service.text("Spec.TaskTemplate.ContainerSpec.Image")));
            row.put("Ports", ports(service));
            rows.add(row);
        }
        return LISTING.render(format, rows);
    }

    private static String mode(Tree mode) {
        if (mode.has("Global")) {
            return "global";
        }
        if (mode.has("ReplicatedJob")) {
            return "replicated job";
        }
        return mode.has("GlobalJob") ? "global job" : "replicated";
    }

    private static String replicas(Tree service) {
        Tree status = service.tree("ServiceStatus");
        String counted = status.number("RunningTasks") + "/" + status.number("DesiredTasks");
        Tree job = service.tree("Spec.Mode.ReplicatedJob");
        if (service.has("Spec.Mode.ReplicatedJob")) {
            // Completed of how many is what a job is about; running tasks are those that still work on it.
            return counted + " (" + status.number("CompletedTasks") + "/" + job.number("TotalCompletions")
                    + " completed)";
        }
        if (service.has("Spec.Mode.GlobalJob")) {
            long completed = status.number("CompletedTasks");
            return counted + " (" + completed + "/" + (status.number("DesiredTasks") + completed) + " completed)";
        }
        long most = service.number("Spec.TaskTemplate.Placement.MaxReplicas");
        return most > 0 ? counted + " (max " + most + " per node)" : counted;
    }

    /// Published ports, neighbours joined into ranges: `*:8000-8002->80-82/tcp`.
    private static String ports(Tree service) {
        List<Tree> ports = service.trees("Endpoint.Ports");
        ports.sort((one, other) -> {
            int order = one.text("Protocol").compareTo(other.text("Protocol"));
            return order != 0 ? order : Long.compare(one.number("PublishedPort"), other.number("PublishedPort"));
        });
        List<String> shown = new ArrayList<>();
        Range range = new Range(0, 0, 0, 0, "");
        for (Tree port : ports) {
            if (!port.text("PublishMode").equals("ingress")) {
                continue;
            }
            if (range.isContinuedBy(port)) {
                range = range.to(port);
            } else {
                range.addTo(shown);
                range = Range.of(port);
            }
        }
        range.addTo(shown);
        return String.join(", ", shown);
    }

    private record Range(long published, long publishedEnd, long target, long targetEnd, String protocol) {
        static Range of(Tree port) {
            long published = port.number("PublishedPort");
            long target = port.number("TargetPort");
            return new Range(published, published, target, target, port.text("Protocol"));
        }

        boolean isContinuedBy(Tree port) {
            long publishedStep = port.number("PublishedPort") - publishedEnd;
            long targetStep = port.number("TargetPort") - targetEnd;
            boolean overlaps = targetEnd != target && targetStep <= 0;
            return port.text("Protocol").equals(protocol)
                    && publishedStep >= 0
                    && publishedStep <= 1
                    && targetStep >= 0
                    && targetStep <= 1
                    && !overlaps;
        }

        Range to(Tree port) {
            return new Range(published, port.number("PublishedPort"), target, port.number("TargetPort"), protocol);
        }

        void addTo(List<String> shown) {
            if (published > 0) {
                shown.add("*:" + span(published, publishedEnd) + "->" + span(target, targetEnd) + "/" + protocol);
            }
        }

        private static String span(long start, long end) {
            return end > start ? start + "-" + end : Long.toString(start);
        }
    }
}
