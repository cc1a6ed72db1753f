# evaluator in a container: `docker build -t evaluator .`, then
#   docker run --rm -v "$PWD:/work" evaluator run orders.csv
FROM python:3.12-slim AS wheel
WORKDIR /source
COPY . .
RUN pip install --no-cache-dir "build>=1.2" \
    && python -m build --wheel --outdir /wheel

FROM python:3.12-slim
# A font with Chinese signs, for the pictures in workbooks and documents. Versions of Debian packages follow the image.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 evaluator
COPY --from=wheel /wheel /wheel
# One wheel, just built; what it needs it states itself.
# hadolint ignore=DL3013
RUN wheel=$(ls /wheel/evaluator-*.whl) \
    && pip install --no-cache-dir "${wheel}[duckdb,sql,export,office]" \
    && rm -rf /wheel
USER 1000
WORKDIR /work
ENTRYPOINT ["evaluator"]
CMD ["--help"]
