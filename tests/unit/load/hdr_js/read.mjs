// read.mjs LOG: what hdr-histogram-js finds in each interval of a log, as lines that the test of
// the writer compares: tag, start, length, count, maximum, and values at shares.
import { readFileSync } from "node:fs";
import * as hdr from "hdr-histogram-js";

const reader = new hdr.HistogramLogReader(readFileSync(process.argv[2], "utf8"));
for (let interval; (interval = reader.nextIntervalHistogram()) !== null; ) {
  const at = [50, 90, 95, 99, 99.9].map((share) => interval.getValueAtPercentile(share));
  const length = interval.endTimeStampMsec - interval.startTimeStampMsec;
  const tag = interval.tag && interval.tag !== "NO TAG" ? interval.tag : "-";
  const all = [tag, interval.startTimeStampMsec, length, interval.totalCount, interval.maxValue, ...at];
  console.log(all.join(" "));
}
