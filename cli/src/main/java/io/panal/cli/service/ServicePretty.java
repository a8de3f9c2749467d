package io.panal.cli.service;

import io.panal.cli.command.Durations;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Sizes;
import io.panal.cli.template.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service for people, as `service inspect --pretty` prints it.
final class ServicePretty {
    /// Docker's own layout (docker/cli, cli/command/service/formatter.go); a template of the user may not know its
    /// names.
    private static final String LAYOUT = """

            ID:\t\t{{.ID}}
            Name:\t\t{{.Spec.Name}}
            {{- if .Spec.Labels }}
            Labels:
            {{- range $k, $v := .Spec.Labels }}
             {{ $k }}{{if $v }}={{ $v }}{{ end }}
            {{- end }}{{ end }}
            Service Mode:
            {{- if .IsGlobal }}\tGlobal
            {{- else if .IsReplicated }}\tReplicated
            {{- if .Replicas }}
             Replicas:\t{{ .Replicas }}
            {{- end }}{{ end }}
            {{- with .Status }}
            UpdateStatus:
             State:\t\t{{ .State }}
            {{- if .Started }}
             Started:\t{{ .Started }}
            {{- end }}
            {{- if .Completed }}
             Completed:\t{{ .Completed }}
            {{- end }}
             Message:\t{{ .Message }}
            {{- end }}
            Placement:
            {{- if .Placement.Constraints }}
             Constraints:\t{{ .Placement.Constraints }}
            {{- end }}
            {{- if .Preferences }}
             Preferences:   {{ .Preferences }}
            {{- end }}
            {{- if .Placement.MaxReplicas }}
             Max Replicas Per Node:   {{ .Placement.MaxReplicas }}
            {{- end }}
            {{- with .Update }}
            UpdateConfig:
            {{- template "change" . }}
             Update order:      {{ .Order }}
            {{- end }}
            {{- with .Rollback }}
            RollbackConfig:
            {{- template "change" . }}
             Rollback order:    {{ .Order }}
            {{- end }}
            ContainerSpec:
             Image:\t\t{{ .Container.Image }}
            {{- if .Container.Args }}
             Args:\t\t{{ range $arg := .Container.Args }}{{ $arg }} {{ end }}
            {{- end -}}
            {{- if .Container.Env }}
             Env:\t\t{{ range $env := .Container.Env }}{{ $env }} {{ end }}
            {{- end -}}
            {{- if .Container.Dir }}
             Dir:\t\t{{ .Container.Dir }}
            {{- end -}}
            {{- if .HasInit }}
             Init:\t\t{{ .Container.Init }}
            {{- end -}}
            {{- if .Container.User }}
             User: {{ .Container.User }}
            {{- end }}
            {{- if or .Container.CapabilityAdd .Container.CapabilityDrop }}
            Capabilities:
            {{- if .Container.CapabilityAdd }}
             Add: {{ join .Container.CapabilityAdd ", " }}
            {{- end }}
            {{- if .Container.CapabilityDrop }}
             Drop: {{ join .Container.CapabilityDrop ", " }}
            {{- end }}
            {{- end }}
            {{- if .Container.Sysctls }}
            SysCtls:
            {{- range $k, $v := .Container.Sysctls }}
             {{ $k }}{{if $v }}: {{ $v }}{{ end }}
            {{- end }}{{ end }}
            {{- if .Container.Ulimits }}
            Ulimits:
            {{- range .Container.Ulimits }}
             {{ .Name }}: {{ .Soft }}:{{ .Hard }}
            {{- end }}{{ end }}
            {{- if .Mounts }}
            Mounts:
            {{- end }}
            {{- range $mount := .Mounts }}
             Target:\t{{ $mount.Target }}
              Source:\t{{ $mount.Source }}
              ReadOnly:\t{{ $mount.ReadOnly }}
              Type:\t\t{{ $mount.Type }}
            {{- end -}}
            {{- if .Container.Configs }}
            Configs:
            {{- range .Container.Configs }}
             Target:\t{{ .File.Name }}
              Source:\t{{ .ConfigName }}
            {{- end }}{{ end }}
            {{- if .Container.Secrets }}
            Secrets:
            {{- range .Container.Secrets }}
             Target:\t{{ .File.Name }}
              Source:\t{{ .SecretName }}
            {{- end }}{{ end }}
            {{- if .LogDriver }}
            Log Driver:
            {{- if .LogDriver.Name }}
             Name:\t\t{{ .LogDriver.Name }}
            {{- end }}
            {{- if .LogDriver.Options }}
             LogOpts:
            {{- range $k, $v := .LogDriver.Options }}
              {{ $k }}{{if $v }}:       {{ $v }}{{ end }}
            {{- end }}{{ end }}
            {{ end }}
            {{- if .HasResources }}
            Resources:
            {{- with .Reservations }}
             Reservations:
            {{- if .CPU }}
              CPU:\t\t{{ .CPU }}
            {{- end }}
            {{- if .Memory }}
              Memory:\t{{ .Memory }}
            {{- end }}{{ end }}
            {{- with .Limits }}
             Limits:
            {{- if .CPU }}
              CPU:\t\t{{ .CPU }}
            {{- end }}
            {{- if .Memory }}
              Memory:\t{{ .Memory }}
            {{- end }}
            {{- if .Pids }}
              PIDs:\t\t{{ .Pids }}
            {{- end }}{{ end }}{{ end }}
            {{- if .Networks }}
            Networks:
            {{- range $network := .Networks }} {{ $network }}{{ end }} {{ end }}
            Endpoint Mode:\t{{ .EndpointMode }}
            {{- if .Ports }}
            Ports:
            {{- range $port := .Ports }}
             PublishedPort = {{ $port.PublishedPort }}
              Protocol = {{ $port.Protocol }}
              TargetPort = {{ $port.TargetPort }}
              PublishMode = {{ $port.PublishMode }}
            {{- end }} {{ end -}}
            {{- with .Health }}
             Healthcheck:
              Interval = {{ .Interval }}
              Retries = {{ .Retries }}
              StartPeriod =\t{{ .StartPeriod }}
              Timeout =\t{{ .Timeout }}
              {{- if .Test }}
              Tests:
            \t{{- range $test := .Test }}
            \t Test = {{ $test }}
                {{- end }} {{ end -}}
            {{- end }}
            {{ define "change" }}
             Parallelism:\t{{ .Parallelism }}
            {{- if .Delay }}
             Delay:\t\t{{ .Delay }}
            {{- end }}
             On failure:\t{{ .FailureAction }}
            {{- if .Monitor }}
             Monitoring Period: {{ .Monitor }}
            {{- end }}
             Max failure ratio: {{ .MaxFailureRatio }}
            {{- end }}""";

    private ServicePretty() {}

    /// @param networks names by id
    static String show(Tree service, Map<String, String> networks, Instant now) {
        Tree task = service.tree("Spec.TaskTemplate");
        Tree container = task.tree("ContainerSpec");
        Map<String, @Nullable Object> values = new HashMap<>(service.map());
        values.put("IsGlobal", service.has("Spec.Mode.Global"));
        values.put("IsReplicated", service.has("Spec.Mode.Replicated"));
        values.put("Replicas", service.at("Spec.Mode.Replicated.Replicas"));
        values.put("Status", status(service, now));
        values.put("Placement", task.tree("Placement").map());
        values.put("Preferences", preferences(task));
        values.put("Update", change(service, "Spec.UpdateConfig"));
        values.put("Rollback", change(service, "Spec.RollbackConfig"));
        values.put("Container", container.map());
        values.put("HasInit", container.has("Init"));
        values.put("Mounts", mounts(container));
        values.put("LogDriver", task.has("LogDriver") ? task.at("LogDriver") : null);
        values.put("HasResources", task.has("Resources"));
        values.put("Reservations", resources(task, "Resources.Reservations"));
        values.put("Limits", resources(task, "Resources.Limits"));
        values.put("Networks", networks(task, networks));
        values.put("EndpointMode", endpointMode(service));
        values.put("Ports", service.has("Endpoint.Ports") ? service.at("Endpoint.Ports") : List.of());
        values.put("Health", health(container));
        return Template.parse(LAYOUT).render(values) + "\n";
    }

    private static @Nullable Object status(Tree service, Instant now) {
        Tree status = service.tree("UpdateStatus");
        if (status.text("State").isEmpty()) {
            return null;
        }
        boolean completed = status.text("State").equals("completed") && Text.isTime(status.text("CompletedAt"));
        Map<String, @Nullable Object> shown = new HashMap<>();
        shown.put("State", status.text("State"));
        shown.put("Started", Text.isTime(status.text("StartedAt")) ? Text.ago(status.text("StartedAt"), now) : "");
        shown.put("Completed", completed ? Text.ago(status.text("CompletedAt"), now) : "");
        shown.put("Message", status.text("Message"));
        return shown;
    }

    private static List<String> preferences(Tree task) {
        List<String> preferences = new ArrayList<>();
        for (Tree preference : task.trees("Placement.Preferences")) {
            preferences.add("spread=" + preference.text("Spread.SpreadDescriptor"));
        }
        return preferences;
    }

    private static @Nullable Object change(Tree service, String path) {
        Tree change = service.tree(path);
        if (change.map().isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> shown = new HashMap<>(change.map());
        shown.put("Delay", duration(change.number("Delay")));
        shown.put("Monitor", duration(change.number("Monitor")));
        shown.put("MaxFailureRatio", change.decimal("MaxFailureRatio"));
        return shown;
    }

    private static String duration(long nanoseconds) {
        return nanoseconds == 0 ? "" : Durations.shown(nanoseconds);
    }

    private static List<Map<String, @Nullable Object>> mounts(Tree container) {
        List<Map<String, @Nullable Object>> mounts = new ArrayList<>();
        for (Tree mount : container.trees("Mounts")) {
            Map<String, @Nullable Object> shown = new HashMap<>(mount.map());
            shown.put("Source", mount.text("Source"));
            shown.put("ReadOnly", mount.isTrue("ReadOnly"));
            mounts.add(shown);
        }
        return mounts;
    }

    private static @Nullable Object resources(Tree task, String path) {
        Tree resources = task.tree(path);
        if (resources.map().isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> shown = new HashMap<>();
        shown.put("CPU", resources.number("NanoCPUs") / 1e9);
        long memory = resources.number("MemoryBytes");
        shown.put("Memory", memory == 0 ? "" : Sizes.binary(memory));
        shown.put("Pids", resources.number("Pids"));
        return shown;
    }

    private static List<String> networks(Tree task, Map<String, String> names) {
        List<String> shown = new ArrayList<>();
        for (Tree network : task.trees("Networks")) {
            shown.add(names.getOrDefault(network.text("Target"), network.text("Target")));
        }
        return shown;
    }

    private static String endpointMode(Tree service) {
        return service.text("Spec.EndpointSpec.Mode");
    }

    private static @Nullable Object health(Tree container) {
        Tree health = container.tree("Healthcheck");
        if (health.map().isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> shown = new HashMap<>(health.map());
        for (String name : List.of("Interval", "StartPeriod", "Timeout")) {
            shown.put(name, Durations.shown(health.number(name)));
        }
        shown.put("Retries", health.number("Retries"));
        return shown;
    }
}
