#!/usr/bin/env perl
# How often the interval of a mean holds the true one, over many seeds, whichever look it ends at:
#   interval_coverage.pl SLUICE SEEDS [--check]
# The scenario is the day of a small office in an hour; the true mean is that of 20 000 other replications, which miss it by
# a fiftieth of an interval. A line for each way to choose their number: in how many seeds the interval held the mean, how
# many replications it took, how wide it was, and how often a limit at a tenth above the mean was called missed, or one at a
# tenth below it met. --check: fails where coverage is surely below 93 % (at a fixed number also above 97 %), or more than 5 % of
# verdicts are surely wrong.
use strict;
use warnings;

my ($sluice, $seeds, $check) = @ARGV;
die "usage: interval_coverage.pl SLUICE SEEDS [--check]\n" unless $seeds;
my $file = ($ENV{TMPDIR} // '/tmp') . "/interval_coverage_$$.yaml";
END { unlink $file if defined $file }
open my $out, '>', $file or die "$file: $!\n";
print $out <<'YAML';
scenario: interval coverage
duration: 1h
warm_up: 10m
resource_groups: {main: {workers: 4}}
workspaces: {office: {group: main}}
workflows: {job: {time: {exponential: 60s}}}
submitters:
  people: {workspace: office, workflow: job, priority: HIGH, arrivals: {poisson: 1/min}}
  nightly: {workspace: office, workflow: job, priority: LOW, arrivals: {poisson: 2/min}}
YAML
close $out or die "$file: $!\n";

# (mean, low, high, replications, status) of the first sentence.
sub measure {
  my ($seed, @arguments) = @_;
  open my $in, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', $sluice, 'simulate', $file, '-q', '--json', '-', '--seed', $seed, @arguments or die "cannot run $sluice\n";
  my $json = do { local $/; <$in> };
  close $in;
  my ($replications) = $json =~ /"replications": (\d+)/ or die "no report from @arguments\n";
  my ($status) = $json =~ /"expectations": \[\s*\{.*?"status": "(\w+)"/s;
  my ($value, $low, $high) =
    $json =~ /"expectations": \[.*?"measured": \{\s*"value": ([\d.e+-]+).*?"interval": \[\s*([\d.e+-]+),\s*([\d.e+-]+)\s*\]/s
    or die "no interval in the report of @arguments\n";
  return ($value, $low, $high, $replications, $status);
}
sub limit { my ($sign, $limit) = @_; return "expect=[\"LOW.queue.length.mean $sign $limit\"]" }

my ($truth) = measure(1_000_000_007, '--replications', 20_000, '--set', limit('<', 1));
printf "true mean length of the queue %.4f, of 20 000 replications\n", $truth;
printf "%-34s %5s %9s %8s %7s %8s\n", qw(way seeds coverage repl. half wrong);
my @ways = (
  ['10 replications', 1, '--replications', 10, '--set', limit('<', 1)],
  ['40 replications', 1, '--replications', 40, '--set', limit('<', 1)],
  ['a precision of 20 %', 0, '--precision', 'LOW.queue.length.mean: 20%'],
  ['a precision of 10 %', 0, '--precision', 'LOW.queue.length.mean: 10%'],
  ['auto, a limit a tenth above', 0, '--replications', 'auto', '--set', limit('<', $truth * 1.1)],
  ['auto, a limit a tenth below', 0, '--replications', 'auto', '--set', limit('<', $truth * 0.9)],
);
my $failed = 0;
for my $way (@ways) {
  my ($name, $fixed, @arguments) = @$way;
  my ($held, $all, $width, $wrong) = (0, 0, 0, 0);
  for my $seed (1 .. $seeds) {
    my ($value, $low, $high, $replications, $status) = measure($seed, @arguments);
    $held++ if $low <= $truth && $truth <= $high;
    $all += $replications;
    $width += ($high - $low) / 2 / $truth;
    $wrong++ if $name =~ /above/ ? $status eq 'failed' : $name =~ /below/ && $status eq 'passed';
  }
  my $coverage = $held / $seeds;
  printf "%-34s %5d %8.1f%% %8.1f %6.1f%% %7.1f%%\n", $name, $seeds, 100 * $coverage, $all / $seeds, 100 * $width / $seeds,
    100 * $wrong / $seeds;
  my $error = 2.6 * sqrt(0.95 * 0.05 / $seeds);
  $failed = 1 if $coverage < 0.93 - $error || ($fixed && $coverage > 0.97 + $error) || $wrong / $seeds > 0.05 + $error;
}
exit($check ? $failed : 0);
