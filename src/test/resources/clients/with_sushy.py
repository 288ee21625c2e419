"""Logs in to the Redfish service of the first argument with a session, lists its systems, gives
the first one an asset tag and logs out. Arguments: origin, user, password, asset tag."""

import sys

import sushy
from sushy import auth

origin, user, password, asset_tag = sys.argv[1:]
session = auth.SessionAuth(user, password)
service = sushy.Sushy(origin, auth=session, verify=False)
systems = service.get_system_collection()
for system in systems.get_members():
    print(system.identity, system.power_state.value)
first = systems.get_members()[0]
service._conn.patch(first.path, data={"AssetTag": asset_tag})
first.refresh(force=True)
print("asset tag", first.asset_tag)
session.close()
