# The gRPC server. Build: docker build -t splitship .   Run: docker run -p 50051:50051 splitship

# --- build: a virtual environment with the locked packages, and the wheel of this project
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /opt/splitship \
 && /opt/splitship/bin/pip install --require-hashes -r requirements.lock \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes -r requirements-dev.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/splitship/bin/pip install --no-deps dist/*.whl

# --- runtime: no compiler, no build tools, no root
FROM python:3.11-slim
RUN useradd --create-home --uid 10001 splitship
COPY --from=build /opt/splitship /opt/splitship
COPY --chown=splitship scenarios /srv/scenarios
ENV PATH=/opt/splitship/bin:$PATH PYTHONUNBUFFERED=1 NUMBA_CACHE_DIR=/home/splitship/.cache/numba
USER splitship
WORKDIR /srv
# Compile the kernels once, so that the first request does not wait for them.
RUN splitship doctor --compile
EXPOSE 50051
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["splitship", "doctor", "--server", "127.0.0.1:50051"]
ENTRYPOINT ["splitship", "serve", "--host", "0.0.0.0"]
# Requests may name the packs that come with the project; replace this to serve others.
CMD ["--packs", "/srv/scenarios"]
