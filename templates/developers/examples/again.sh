# The first answer is 200 and kept. The second is 304, without a body, and what was kept stays.
for attempt in 1 2; do
  curl -s --etag-save kept.etag --etag-compare kept.etag -o kept.json -w '%{http_code}\n' \
    '{{ site }}/api/v1/campaigns/{{ slug }}/places'
done
