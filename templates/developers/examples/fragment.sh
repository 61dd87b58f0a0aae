curl -s '{{ site }}/embed/{{ slug }}/list.html?from={{ day }}&lang=en'
