{{/*
One entry with the release's labels and the overrides of values merged into its spec.
Takes a dict: root, entry (object with metadata.name and spec), settings (values of its kind).
*/}}
{{- define "mistral.entry" -}}
{{- $name := .entry.metadata.name -}}
{{- if not (has $name .settings.exclude) -}}
{{- $override := index .settings.overrides $name | default dict -}}
{{- $spec := mergeOverwrite (deepCopy .entry.spec) (deepCopy $override) -}}
---
apiVersion: {{ .entry.apiVersion }}
kind: {{ .entry.kind }}
metadata:
  name: {{ $name }}
  labels:
    {{- include "mistral.release" .root | nindent 4 }}
    {{- if eq .entry.kind "MistralModel" }}
    {{- include "mistral.modelLabels" $spec | nindent 4 }}
    {{- end }}
spec:
  {{- toYaml $spec | nindent 2 }}
{{ end -}}
{{- end -}}

{{/* What kubectl get mistralmodels -l can choose by. Takes a model's spec. */}}
{{- define "mistral.modelLabels" -}}
{{- with .label }}
mistraloperator.io/label: {{ . }}
{{- end }}
{{- with .task }}
mistraloperator.io/task: {{ . }}
{{- end }}
{{- with .provider }}
{{- if regexMatch "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$" . }}
mistraloperator.io/provider: {{ . }}
{{- end }}
{{- end }}
{{- with .lifecycle }}
mistraloperator.io/lifecycle: {{ . }}
{{- end }}
{{- if .preview }}
mistraloperator.io/preview: "true"
{{- end }}
{{- range $name, $has := .capabilities }}
{{- if $has }}
capability.mistraloperator.io/{{ $name }}: "true"
{{- end }}
{{- end }}
{{- end -}}

{{/* Fails where values name an entry that the chart does not have. Takes a dict: what, names, settings. */}}
{{- define "mistral.knownNames" -}}
{{- range concat .settings.exclude (keys .settings.overrides) -}}
{{- if not (has . $.names) -}}
{{- fail (printf "%s names %q, which the catalogue does not have; it has %s" $.what . (join ", " (sortAlpha $.names))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* All entries of a folder. Takes a dict: root, folder, settings, what. */}}
{{- define "mistral.folder" -}}
{{- $entries := list -}}
{{- $names := list -}}
{{- range $path, $bytes := .root.Files.Glob (printf "%s/*.yaml" .folder) -}}
{{- range $text := regexSplit "(?m)^---$" (toString $bytes) -1 -}}
{{- $entry := fromYaml $text -}}
{{- $entries = append $entries $entry -}}
{{- $names = append $names $entry.metadata.name -}}
{{- end -}}
{{- end -}}
{{- include "mistral.knownNames" (dict "what" .what "names" $names "settings" .settings) -}}
{{- range $entries -}}
{{- include "mistral.entry" (dict "root" $.root "entry" . "settings" $.settings) -}}
{{- end -}}
{{- end -}}
