import json
from urllib.request import urlopen

address = "{{ site }}/api/v1/campaigns/{{ slug }}/occurrences?month={{ day[:7] }}&limit=20"
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    for one in page["items"]:
        print(one["starts_local"], one["zone"], one["status"], one["name"], one["url"], sep="\t")
    address = page["next"]
