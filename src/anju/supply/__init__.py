"""房源供应: what there is to let.

Terms: 运营机构 operator, 项目 project, 小区 estate, 楼栋 building, 房源 unit, 房间 room.
A unit (房源) is the smallest thing that is let; a room (房间) is a part of it. The hierarchy is project > estate >
building > unit > room (PR-05.1). Other contexts hold, let and free units through `anju.supply.services` only.
"""
