const answer = await fetch("{{ site }}/api/v1/campaigns/{{ slug }}/events?on={{ day }}");
const said = await answer.json();
if (!answer.ok) throw new Error(said.detail);
for (const event of said.items) {
  const time = event.is_all_day ? event.starts_local : event.starts_local.slice(0, 16).replace("T", " ");
  const place = event.location?.address.addressLocality || "online";
  console.log(`${time} (${event.zone}) ${event.name}, ${place}: ${event.url}`);
}
