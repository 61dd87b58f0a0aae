curl -s '{{ site }}/api/v1/campaigns/{{ slug }}/events?on={{ day }}&limit=2'
