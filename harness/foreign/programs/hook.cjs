// A hook that programs load before themselves.
module.exports = require("node:path");
