"""What is measured: the stand-in engine called directly, and each proxy in front of it."""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/bench"
WATCHED_CLUSTER = str(ROOT / "dev/bench/watched_cluster.py")
TRAINING = ROOT / "dev/images/training"
ENGINE = "http://127.0.0.1:18000"
API_PORT = 18001
METRICS = "http://127.0.0.1:18090/q/metrics"
KEY = secrets.token_hex(16)
# Requests that may wait for an instance.
HELD = 500
LIMIT_SECONDS = 90
ENVOY_TYPES = "type.googleapis.com/envoy.extensions."
# The chart's limit for a gateway; the JVM chooses its garbage collector by it.
GATEWAY_MEMORY = "384m"


@dataclass
class Subject:
    """One way to the engine.

    url is where chat completions are posted, pids are the processes that do the work (empty for the engine itself)."""

    name: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    pids: list[int] = field(default_factory=list)

    def cpu_seconds(self) -> float:
        """User and system time that the processes have used so far."""
        ticks = 0
        for pid in self.pids:
            ticks += sum(int(value) for value in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self, field_name: str = "VmRSS") -> int:
        """Resident memory now, or with VmHWM its peak."""
        total = 0
        for pid in self.pids:
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(field_name + ":"):
                    total += int(line.split()[1]) * 1024
        return total


def get(url: str, method: str = "GET", body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, method=method, data=body), timeout=10) as response:
        return response.read()


def metric(name: str, **labels: str) -> float:
    """The sum of the gateway's series with these labels."""
    series = (line.rsplit(" ", 1) for line in get(METRICS).decode().splitlines() if line.startswith((name + "{", name + " ")))
    return sum(float(value) for key, value in series if all(f'{label}="{wanted}"' in key for label, wanted in labels.items()))


def wait_for(what: str, url: str, process: subprocess.Popen | None = None) -> None:
    """Until url answers 200."""
    limit = time.monotonic() + LIMIT_SECONDS
    while True:
        try:
            get(url)
            return
        except (OSError, urllib.error.HTTPError) as error:
            if process is not None and process.poll() is not None:
                raise SystemExit(f"error: {what} ended with exit status {process.returncode}; its log is in {BUILD}") from error
            if time.monotonic() > limit:
                raise SystemExit(f"error: {what} does not answer {url}: {error}; its log is in {BUILD}") from error
        time.sleep(0.1)


class Bench:
    """Starts the engine and the subjects, and ends them all."""

    def __init__(self):
        self.processes: list[subprocess.Popen] = []
        self.containers: list[str] = []

    def __enter__(self):
        BUILD.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *exception):
        for container in self.containers:
            with open(BUILD / f"{container}.log", "wb") as log:
                subprocess.run(["docker", "logs", container], stdout=log, stderr=subprocess.STDOUT, check=False)
            subprocess.run(["docker", "rm", "-f", container], stdout=subprocess.DEVNULL, check=False)
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=20)

    def start(self, name: str, *command: str, **environment: str) -> subprocess.Popen:
        log = open(BUILD / f"{name}.log", "wb")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | environment)
        self.processes.append(process)
        return process

    def engine(self) -> Subject:
        process = self.start("engine", str(BUILD / "engine"), "-listen", ENGINE.removeprefix("http://"))
        wait_for("the engine", ENGINE + "/health", process)
        return Subject("direct", ENGINE + "/v1/chat/completions")

    def gateway(self, memory: str = GATEWAY_MEMORY) -> Subject:
        """The gateway's image with its own settings, metrics and access log on, next to a stand-in for the cluster."""
        objects = BUILD / "objects.json"
        objects.write_text(json.dumps(self._objects()))
        if not any(process.args[1] == WATCHED_CLUSTER for process in self.processes if len(process.args) > 1):
            self.start("cluster", sys.executable, WATCHED_CLUSTER, str(objects), str(API_PORT))
            wait_for("the stand-in for the cluster", f"http://127.0.0.1:{API_PORT}/version")
        name = f"mistral-bench-{os.getpid()}"
        self.remove(name)
        settings = {
            "KUBERNETES_MASTER": f"http://127.0.0.1:{API_PORT}", "MISTRAL_NAMESPACE": "mistral-system",
            "MISTRAL_HTTP_PORT": "18080", "MISTRAL_HTTPS_PORT": "18443", "QUARKUS_HTTP_PORT": "18090",
            "MISTRAL_TLS_DIRECTORY": "/tls",
        }
        certificate = self._certificate()
        command = ["docker", "run", "-d", "--name", name, "--network", "host",
                   "-v", f"{certificate}:/tls:ro", "--memory", memory, "--memory-swap", memory]
        for key, value in settings.items():
            command += ["-e", f"{key}={value}"]
        subprocess.run([*command, f"mistraloperator/gateway:{os.environ['VERSION']}"], check=True, stdout=subprocess.DEVNULL)
        self.containers.append(name)
        wait_for("the gateway", "http://127.0.0.1:18090/q/health/ready")
        return Subject("gateway", "http://127.0.0.1:18080/endpoints/training/v1/chat/completions",
                       {"Authorization": f"Bearer {KEY}"}, [process_of(name)])

    def instances(self, ready: bool) -> int:
        """Says of the engine that it is ready, or not, and tells when, in nanoseconds since 1970."""
        collection = next(path for path in self._objects() if path.endswith("/endpointslices"))
        item = self._objects()[collection][0]
        item["endpoints"][0]["conditions"]["ready"] = ready
        said = time.time_ns()
        get(f"http://127.0.0.1:{API_PORT}{collection}/{item['metadata']['name']}", "PUT", json.dumps(item).encode())
        return said

    def peer(self, name: str, port: int, path: str, *command: str, **environment: str) -> list[int]:
        """Starts a program of this machine in a container, and returns its processes.

        The kernel shares processor time between containers before it does between processes: one that is not in a container is
        woken less often beside the engine, finds more to do each time, and looks cheaper than it is in a pod."""
        container = f"mistral-bench-{name}-{os.getpid()}"
        self.remove(container)
        settings = [setting for key, value in environment.items() for setting in ("-e", f"{key}={value}")]
        volumes = ["-v", "/:/host:ro", "-v", f"{BUILD}:/host{BUILD}"]
        subprocess.run(["docker", "run", "-d", "--name", container, "--network", "host", *volumes, *settings,
                        "debian:trixie-slim", "chroot", "/host", *command], check=True, stdout=subprocess.DEVNULL)
        self.containers.append(container)
        wait_for(name, f"http://127.0.0.1:{port}{path}")
        pid = process_of(container)
        return [pid, *children(pid)]

    def remove(self, container: str) -> None:
        if container in self.containers:
            subprocess.run(["docker", "rm", "-f", container], stdout=subprocess.DEVNULL, check=True)
            self.containers.remove(container)

    @staticmethod
    def _objects() -> dict:
        """The training run's route and instances, with the engine and key of this run."""
        objects = json.loads((TRAINING / "gateway.json").read_text())
        for items in objects.values():
            for item in items:
                if item["kind"] == "InferenceRoute":
                    deployment = item["spec"]["deployments"][0]
                    deployment["backend"]["engine"] = "VLLM"
                    deployment["model"]["contextLength"] = 1048576
                    deployment["hold"] = {"maxRequests": HELD, "maxMegabytes": 64, "timeoutSeconds": 60}
                    item["spec"]["keys"][0]["sha256"] = hashlib.sha256(KEY.encode()).hexdigest()
                else:
                    item["ports"][0]["port"] = int(ENGINE.rsplit(":", 1)[1])
        return objects

    @staticmethod
    def _certificate() -> Path:
        folder = BUILD / "tls"
        if not (folder / "tls.crt").exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                            "-subj", "/CN=localhost", "-keyout", folder / "tls.key", "-out", folder / "tls.crt"],
                           check=True, stderr=subprocess.DEVNULL)
            (folder / "tls.key").chmod(0o644)
        return folder

    def nginx(self) -> Subject:
        """nginx as a plain reverse proxy: no key, no reading, an access log as it has by default."""
        folder = BUILD / "nginx"
        folder.mkdir(exist_ok=True)
        configuration = folder / "nginx.conf"
        configuration.write_text(f"""
worker_processes auto;
worker_rlimit_nofile 65536;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 32768; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  client_max_body_size 64m; client_body_buffer_size 1m;
  upstream engine {{ server {ENGINE.removeprefix("http://")}; keepalive 256; }}
  server {{
    listen 127.0.0.1:18081;
    location / {{ proxy_pass http://engine; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }}
  }}
}}
""")
        pids = self.peer("nginx", 18081, "/health", shutil.which("nginx") or "nginx", "-c", str(configuration))
        return Subject("nginx", "http://127.0.0.1:18081/v1/chat/completions", {}, pids)

    def envoy(self) -> Subject:
        """Envoy as a plain reverse proxy: a worker for each processor, no key, no reading, an access log in its usual form."""
        configuration = BUILD / "envoy.json"
        address, port = ENGINE.removeprefix("http://").split(":")
        configuration.write_text(json.dumps({"static_resources": {
            "listeners": [{
                "address": {"socket_address": {"address": "127.0.0.1", "port_value": 18083}},
                "filter_chains": [{"filters": [{"name": "http", "typed_config": {
                    "@type": ENVOY_TYPES + "filters.network.http_connection_manager.v3.HttpConnectionManager",
                    "stat_prefix": "bench",
                    "access_log": [{"name": "file", "typed_config": {
                        "@type": ENVOY_TYPES + "access_loggers.file.v3.FileAccessLog", "path": str(BUILD / "envoy-access.log")}}],
                    "http_filters": [{"name": "router", "typed_config": {"@type": ENVOY_TYPES + "filters.http.router.v3.Router"}}],
                    "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                        {"match": {"prefix": "/"}, "route": {"cluster": "engine", "timeout": "0s"}}]}]}}}]}]}],
            "clusters": [{
                "name": "engine", "connect_timeout": "1s", "type": "STATIC",
                # The defaults stop at 1,024 connections.
                "circuit_breakers": {"thresholds": [{"max_connections": 65536, "max_pending_requests": 65536, "max_requests": 65536}]},
                "load_assignment": {"cluster_name": "engine", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                    "socket_address": {"address": address, "port_value": int(port)}}}}]}]}}]}}))
        pids = self.peer("envoy", 18083, "/health", os.environ["ENVOY"], "-c", str(configuration), "--log-level", "warning",
                         "--disable-hot-restart")
        return Subject("envoy", "http://127.0.0.1:18083/v1/chat/completions", {}, pids)

    def portkey(self) -> Subject:
        """Portkey's gateway, told by headers where the engine is, as its users do."""
        pids = self.peer("portkey", 18084, "/", shutil.which("node") or "node", f"{os.environ['PORTKEY']}/build/start-server.js",
                         "--port=18084", "--headless")
        return Subject("portkey", "http://127.0.0.1:18084/v1/chat/completions", {
            "Authorization": f"Bearer {KEY}", "x-portkey-provider": "openai", "x-portkey-custom-host": ENGINE + "/v1"}, pids)

    def litellm(self) -> Subject:
        """LiteLLM's proxy with a master key."""
        configuration = BUILD / "litellm.yaml"
        configuration.write_text(json.dumps({
            "model_list": [{"model_name": "bench", "litellm_params": {
                "model": "hosted_vllm/bench", "api_base": ENGINE + "/v1", "api_key": "none"}}],
            "general_settings": {"master_key": f"sk-{KEY}"}}))
        pids = self.peer("litellm", 18082, "/health/liveliness", os.environ["LITELLM_PYTHON"], "-c",
                         "from litellm import run_server; run_server()", "--config", str(configuration), "--host", "127.0.0.1",
                         "--port", "18082", "--telemetry", "False", LITELLM_LOCAL_MODEL_COST_MAP="True", HOME=str(BUILD))
        return Subject("litellm", "http://127.0.0.1:18082/v1/chat/completions", {"Authorization": f"Bearer sk-{KEY}"}, pids)


def process_of(container: str) -> int:
    """The first process of a container, by its number outside of it."""
    return int(subprocess.run(["docker", "inspect", "-f", "{{.State.Pid}}", container], check=True, capture_output=True).stdout)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def pace(**settings: str) -> None:
    """How the engine answers from now on; see engine/main.go."""
    get(f"{ENGINE}/pace?" + "&".join(f"{key}={value}" for key, value in settings.items()), "POST")
