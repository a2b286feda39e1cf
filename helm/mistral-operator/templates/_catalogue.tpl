{{/*
One entry with the release's labels and the overrides of values merged into its spec.
Takes a dict: root, entry (object with metadata.name and spec), settings (values of its kind).
*/}}
{{- define "mistral.entry" -}}
{{- $name := .entry.metadata.name -}}
{{- if not (has $name .settings.exclude) -}}
{{- $override := index .settings.overrides $name | default dict -}}
---
apiVersion: {{ .entry.apiVersion }}
kind: {{ .entry.kind }}
metadata:
  name: {{ $name }}
  labels:
    {{- include "mistral.release" .root | nindent 4 }}
spec:
  {{- toYaml (mergeOverwrite (deepCopy .entry.spec) (deepCopy $override)) | nindent 2 }}
{{ end -}}
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
