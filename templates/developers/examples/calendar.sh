curl -s '{{ site }}/feeds/{{ slug }}.ics?from={{ day }}' -o events.ics
curl -s '{{ site }}/feeds/{{ slug }}.json?from={{ day }}' -o news.json
