{% for host in hosts %}
VirtualHost "{{ host.name }}"
{% if host.open %}
  allow_registration = {{ host.open | lower }}
{% else %}
  allow_registration = false
{% endif %}
{% endfor %}
items = {{ "a", "b" }, { {{ list }} }}
{{ extra }}
port = ${PORT:-5222}
<% if x %>
{{ key }} = <%= value %>
<% end %>
