{{/* Base of object names: the release's name without "-operator", so that a release "mistral-operator" repeats nothing. */}}
{{- define "mistral.name" -}}
{{- .Values.fullnameOverride | default (.Release.Name | trimSuffix "-operator") | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "mistral.operator" -}}{{ include "mistral.name" . }}-operator{{- end -}}
{{- define "mistral.gateway" -}}{{ include "mistral.name" . }}-gateway{{- end -}}
{{- define "mistral.tlsSecret" -}}{{ .Values.gateway.tls.secretName | default "mistral-gateway-tls" }}{{- end -}}

{{/* Labels that never change: for selectors. Takes a list of the root and the component. */}}
{{- define "mistral.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: mistral-{{ index . 1 }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- end -}}

{{- define "mistral.release" -}}
app.kubernetes.io/part-of: mistral
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "mistral.labels" -}}
{{ include "mistral.selector" . }}
app.kubernetes.io/component: {{ index . 1 }}
{{ include "mistral.release" (index . 0) }}
{{- end -}}

{{/* Reference of an image. Takes a list of the root and the image's key in values. */}}
{{- define "mistral.image" -}}
{{- $root := index . 0 -}}
{{- $image := index $root.Values.images (index . 1) -}}
{{- with $root.Values.images.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- define "mistral.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "mistral.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{/* Probes of a Quarkus program on a port name. */}}
{{- define "mistral.probes" -}}
startupProbe:
  httpGet:
    path: /q/health/started
    port: {{ . }}
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 120
livenessProbe:
  httpGet:
    path: /q/health/live
    port: {{ . }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /q/health/ready
    port: {{ . }}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end -}}

{{/* Where a pod runs. Takes the component's values. */}}
{{- define "mistral.placement" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "mistral.pullSecrets" -}}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Annotations of an object that lives while the definitions are brought up to date. Takes its place in the order. */}}
{{- define "mistral.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}
